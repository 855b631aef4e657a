public import Database
import Synchronization

extension TestDatabase {
  private static let guests = Mutex(0)

  /// A role that may log in and work in schema `geo` of this database, and nothing more.
  public func makeGuest(connections: Int = 4, attributes: String = "") throws -> GuestConfiguration {
    let role = Self.guests.withLock { count in
      count += 1
      return "guest_\(count)"
    }
    try database.withConnection { connection in
      try connection.executeScript(
        """
        CREATE ROLE \(role) LOGIN NOINHERIT \(attributes);
        CREATE SCHEMA IF NOT EXISTS geo;
        GRANT USAGE, CREATE ON SCHEMA geo TO \(role)
        """)
    }
    return GuestConfiguration(name: "geo", url: url(user: role), connections: connections)
  }

  /// The URL of this database for another user than the superuser.
  public func url(user: String) -> String {
    "postgresql://\(user)@" + url.dropFirst("postgresql://weir@".count)
  }
}
