import CPostgres

/// What is decided before a connection stands: parameters from the URL and the configuration together.
struct ConnectionStart {
  private let configuration: DatabaseConfiguration
  private let given: [String: String]
  /// Host, port and database as messages name them; never the password.
  let server: String

  init(_ configuration: DatabaseConfiguration) throws(DatabaseError) {
    self.configuration = configuration
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(configuration.url, &message) else {
      let text = message.map { String(cString: $0) } ?? ""
      PQfreemem(message)
      throw DatabaseError(.misuse("the database URL cannot be read as a PostgreSQL URL or conninfo string."), rawText: text)
    }
    defer { PQconninfoFree(options) }
    var given: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    self.given = given
    let place = ["host", "hostaddr", "port", "dbname", "user"].compactMap { key in given[key].map { "\(key)=\($0)" } }
    server = "database " + (place.isEmpty ? "of the environment's PG variables" : place.joined(separator: " "))
  }

  func connect() throws(DatabaseError) -> OpaquePointer {
    let parameters = parameters
    let keywords = parameters.map { Self.copy($0.0) } + [nil]
    let values = parameters.map { Self.copy($0.1) } + [nil]
    defer { (keywords + values).forEach { $0?.deallocate() } }
    let connection = keywords.map { UnsafePointer($0) }.withUnsafeBufferPointer { keywords in
      values.map { UnsafePointer($0) }.withUnsafeBufferPointer { values in
        PQconnectdbParams(keywords.baseAddress, values.baseAddress, 0)
      }
    }
    guard let connection else { throw DatabaseError(.connection, subject: server, rawText: "out of memory") }
    guard PQstatus(connection) == CONNECTION_OK else {
      let text = String(cString: PQerrorMessage(connection))
      PQfinish(connection)
      throw DatabaseError(.connection, subject: server, rawText: text)
    }
    return connection
  }

  /// The statements that put in force what the start could not; empty when there is nothing to say.
  func preamble(of connection: OpaquePointer) -> String {
    var statements: [String] = []
    // Row.date reads ISO alone. A pooler keeps this one: it is reported to the client when it changes.
    let style = PQparameterStatus(connection, "DateStyle").map { String(cString: $0) } ?? "ISO"
    if !style.hasPrefix("ISO") { statements.append("SET datestyle = 'ISO'") }
    if configuration.settingsDelivery == .statements {
      for setting in configuration.sessionSettings {
        statements.append("SELECT set_config(\(SQL.quoted(literal: setting.name)), \(SQL.quoted(literal: setting.value)), false)")
      }
    }
    return statements.joined(separator: "; ")
  }

  /// The settings as the first statement of a transaction, `;` included; empty when the session has them.
  var localSettings: String {
    let settings = configuration.sessionSettings
    guard configuration.settingsDelivery == .transactions, !settings.isEmpty else { return "" }
    let calls = settings.map { "set_config(\(SQL.quoted(literal: $0.name)), \(SQL.quoted(literal: $0.value)), true)" }
    return "SELECT \(calls.joined(separator: ", ")); "
  }

  private var parameters: [(String, String)] {
    var result = given.filter { $0.key != "options" }.map { ($0.key, $0.value) }
    result.append(("client_encoding", "UTF8"))
    if given["application_name"] == nil { result.append(("fallback_application_name", configuration.applicationName)) }
    if given["connect_timeout"] == nil {
      result.append(("connect_timeout", String(max(2, configuration.connectTimeout.components.seconds))))
    }
    // A dead peer is noticed within a minute and a half instead of hours; Unix sockets ignore these.
    let watch = [("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "6"), ("tcp_user_timeout", "90000")]
    result += watch.filter { given[$0.0] == nil }
    if let options { result.append(("options", options)) }
    return result
  }

  /// The URL's own options and the session's settings.
  private var options: String? {
    var words = given["options"].map { [$0] } ?? []
    if configuration.settingsDelivery == .startup {
      words += configuration.sessionSettings.map { "-c \($0.name)=\(Self.escaped($0.value))" }
    }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  private static func escaped(_ value: String) -> String {
    String(value.flatMap { $0 == " " || $0 == "\\" ? ["\\", $0] : [$0] })
  }

  private static func copy(_ text: String) -> UnsafeMutablePointer<CChar>? {
    let bytes = Array(text.utf8CString)
    let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    pointer.initialize(from: bytes, count: bytes.count)
    return pointer
  }
}
