import Database
public import Workflow

/// The hosts that share the database, and their leases.
public final class Hosts: Sendable {
  let database: Database
  /// A connection of its own: a host whose connections are all in use, or wait for locks, must not lose its lease for that.
  private let renewals: Database
  /// How long a host keeps its tasks without renewing.
  public let lease: Duration

  init(database: Database, lease: Duration) {
    self.database = database
    self.lease = lease
    var configuration = database.configuration.direct
    configuration.poolSize = 1
    configuration.poolTimeout = lease / 6
    configuration.statementTimeout = lease / 6
    renewals = Database(configuration)
  }

  /// Registers this process as a host and says what it offers, and what it cannot. Answers its id.
  public func register(
    _ identity: HostIdentity, version: String, slots: Int, offers: [Offer], unavailable: [UnavailablePlugin] = []
  ) throws -> Int64 {
    try database.transaction { tx in
      let rows = try tx.query(
        """
        INSERT INTO hosts (name, version, machine, pid, process, slots, unavailable, lease_until)
        VALUES (\(identity.name), \(version), \(identity.machine), \(identity.pid), \(identity.process), \(slots),
                \(JSON.array(unavailable.map(\.json)).serialized())::json, now() + \(lease.microseconds) * interval '1 microsecond')
        RETURNING id
        """)
      let id = Int64(try rows[0].int(0))
      try tx.execute(
        """
        INSERT INTO offers (host_id, handler, library_hash)
        SELECT \(id), * FROM unnest(\(offers.map(\.handler))::text[], \(offers.map(\.libraryHash))::text[])
        """)
      return id
    }
  }

  /// Renews the host's lease, within a sixth of it or not at all.
  /// - Throws: `.hostIsGone` when it was given up: its tasks are others' by now, and it must stop its runners.
  public func renew(_ host: Int64) throws {
    let renewed = try renewals.withConnection { connection in
      try connection.execute(
        """
        UPDATE hosts SET lease_until = now() + \(lease.microseconds) * interval '1 microsecond'
        WHERE id = \(host) AND ended_at IS NULL
        """)
    }
    if renewed == 0 { throw EngineError(.hostIsGone, subject: "\(host)") }
  }

  /// The channel of `announce`.
  public static let channel = "weir_work"

  /// Tells all hosts that listen that there is work. Not for every task: a NOTIFY takes a lock of the whole server.
  public func announce() throws {
    try database.withConnection { connection in
      _ = try connection.query("SELECT pg_notify(\(Self.channel)::text, '')")
    }
  }

  /// Says that the host takes no more tasks and is about to stop.
  public func drain(_ host: Int64) throws {
    _ = try renewals.withConnection { connection in
      try connection.execute("UPDATE hosts SET stopping_at = now() WHERE id = \(host) AND ended_at IS NULL")
    }
  }

  /// Says that the host has stopped in order. Its tasks must have been given back before.
  public func end(_ host: Int64) throws {
    try database.withConnection { connection in
      try connection.execute(
        "UPDATE hosts SET ended_at = now(), ended_why = 'stopped' WHERE id = \(host) AND ended_at IS NULL")
    }
  }
}

/// A handler that a host can call, and the build of the library that holds it.
public struct Offer: Sendable, Hashable {
  public var handler: String
  /// SHA-256, hexadecimal.
  public var libraryHash: String

  public init(handler: String, libraryHash: String) {
    self.handler = handler
    self.libraryHash = libraryHash
  }
}
