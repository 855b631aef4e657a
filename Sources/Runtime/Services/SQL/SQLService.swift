import Database
import Runners
import Workflow

/// `weir.sql/1`: sessions on the databases that the operator named, each under a role of its own.
final class SQLService: Sendable {
  private let databases: [String: SQLDatabase]
  private let sessions = OpenSessions()
  // As many threads as sessions can have calls under way: none waits for another's statement.
  private let threads: ServiceThreads
  private static let mostValues = 65_535

  init(_ configurations: [GuestConfiguration]) {
    databases = Dictionary(configurations.map { ($0.name, SQLDatabase($0)) }, uniquingKeysWith: { $1 })
    threads = ServiceThreads(limit: max(1, configurations.reduce(0) { $0 + $1.connections }))
  }

  /// Takes one call; answers it later, on a thread of its own. Quick.
  func take(_ call: ServiceCall, grants: Grants) {
    do throws(ServiceFault) {
      if call.code == .begin { try begin(call, grants.sql ?? .init()) } else { try use(call) }
    } catch {
      call.refuse(error.message, status: error.status, more: error.more)
    }
  }

  /// The attempt has ended: what it left open is aborted. Quick.
  func ended(_ token: Int64) {
    for database in databases.values { database.places.forget(token) }
    for session in sessions.end(token) { threads.perform { self.giveBack(session, token) } }
  }

  /// Closes the idle connections.
  func close() {
    for database in databases.values { database.guest.close() }
  }

  private func begin(_ call: ServiceCall, _ grant: Grants.SQL) throws(ServiceFault) {
    var fields = CallFields(call)
    let name = try fields.requiredText("database")
    let options = try GuestOptions(json: try fields.text())
    guard grant.databases.contains(name) else {
      throw ServiceFault(ServiceFault.denied, "database \"\(name)\": the plugin's manifest does not grant weir.sql/1 for it")
    }
    guard let database = databases[name] else {
      let known = databases.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
      throw ServiceFault(
        ServiceFault.notFound,
        "database \"\(name)\": the configuration names none such under \"databases\""
          + (known.isEmpty ? "" : ", it has \(known)"))
    }
    let isTaken = database.places.take(for: call.token) { [self] in
      threads.perform { [self] in open(database, options, call) }
    }
    guard isTaken else {
      throw ServiceFault(
        ServiceFault.misuse,
        "database \"\(name)\": the task has \(database.places.mostOfOneTask) sessions already, which is the most for one: end one first")
    }
  }

  private func open(_ database: SQLDatabase, _ options: GuestOptions, _ call: ServiceCall) {
    if call.isCancelled { return database.places.giveBack(from: call.token) }
    let session: GuestSession
    do throws(GuestError) {
      session = try database.guest.begin(options)
    } catch {
      database.places.giveBack(from: call.token)
      return call.refuse(error.fault.message, status: error.fault.status, more: error.fault.more)
    }
    let number = sessions.add(OpenSessions.Session(session: session, database: database), of: call.token)
    // an attempt that ended before the session was known has nobody left to end it
    if call.isCancelled, let orphan = sessions.take(number, of: call.token) { return giveBack(orphan, call.token) }
    var fields = FrameWriter()
    fields.unsigned(number)
    call.reply(fields: fields)
  }

  private func use(_ call: ServiceCall) throws(ServiceFault) {
    var fields = CallFields(call)
    let number = try fields.unsigned()
    let session: OpenSessions.Session
    do throws(OpenSessions.Refusal) {
      session = try sessions.use(number, of: call.token)
    } catch {
      throw ServiceFault(
        ServiceFault.misuse,
        error == .inUse ? "another thread uses this session: one at a time" : "there is no open session \(number)")
    }
    threads.perform { [self] in
      let reply = perform(call, session, number)
      // what the attempt left when it ended meanwhile
      if let orphan = sessions.putBack(number, of: call.token) { giveBack(orphan, call.token) }
      // last: the handler's next call may come before this thread goes on
      reply()
    }
  }

  /// Does what is asked, and gives what answers it.
  private func perform(_ call: ServiceCall, _ open: OpenSessions.Session, _ number: UInt64) -> () -> Void {
    do throws(ServiceFault) {
      var fields = CallFields(call)
      _ = try fields.unsigned()
      if call.code == .end {
        let commits = try fields.unsigned() != 0
        // the session is over, whatever the server says
        sessions.take(number, of: call.token)
        defer { giveBack(open, call.token) }
        try guarded { () throws(GuestError) in try open.session.end(commits: commits) { call.isCancelled } }
        return { call.reply() }
      }
      let answer = try answer(call, open.session, &fields)
      return { call.reply(fields: answer) }
    } catch {
      return { call.refuse(error.message, status: error.status, more: error.more) }
    }
  }

  private func answer(
    _ call: ServiceCall, _ session: GuestSession, _ fields: inout CallFields
  ) throws(ServiceFault) -> FrameWriter {
    var out = FrameWriter()
    switch call.code {
    case .exec:
      let sql = try fields.requiredText("sql")
      var values: [ArraySlice<UInt8>?] = []
      for _ in 0..<(try fields.count(limit: Self.mostValues)) { values.append(try fields.bytes()) }
      let given = values
      out.bytes(try guarded { () throws(GuestError) in try session.exec(sql, given) { call.isCancelled }.json })
    case .copyIn:
      let sql = try fields.requiredText("sql")
      try guarded { () throws(GuestError) in try session.copyIn(sql) { call.isCancelled } }
    case .copyData:
      let data = try fields.bytes() ?? []
      try guarded { () throws(GuestError) in try session.copyData(data) { call.isCancelled } }
    case .copyEnd:
      out.unsigned(UInt64(try guarded { () throws(GuestError) in try session.copyEnd { call.isCancelled } }))
    default: throw ServiceFault(ServiceFault.unsupported, "\(call.name) is no call of weir.sql/1")
    }
    return out
  }

  private func guarded<T>(_ body: () throws(GuestError) -> T) throws(ServiceFault) -> T {
    do throws(GuestError) { return try body() } catch { throw error.fault }
  }

  private func giveBack(_ open: OpenSessions.Session, _ token: Int64) {
    open.database.guest.giveBack(open.session)
    open.database.places.giveBack(from: token)
  }
}
