import ArgumentParser
import Glibc
import Runtime
import Workflow

/// Where commands find the host that they speak to.
struct HostOptions: ParsableArguments {
  @Option(help: ArgumentHelp("URL of the host; WEIR_URL is the default, then http://127.0.0.1:8080.", valueName: "url"))
  var url: String?
  @Option(
    help: ArgumentHelp("File that holds the token; WEIR_TOKEN_FILE is the default, and WEIR_TOKEN the token itself.", valueName: "path"))
  var tokenFile: String?

  /// Whether somebody said which host is meant.
  var isNamed: Bool { url != nil || Environment.current["WEIR_URL"] != nil }

  var client: HostClient {
    let (environment, named) = (Environment.current, tokenFile)
    return HostClient(url: url ?? environment["WEIR_URL"] ?? "http://127.0.0.1:8080") {
      if named == nil, let token = environment["WEIR_TOKEN"] { return token }
      guard let path = named ?? environment["WEIR_TOKEN_FILE"] else { return nil }
      let token = String(decoding: try ManifestFolder.read(path), as: UTF8.self).filter { !$0.isWhitespace }
      guard !token.isEmpty else { throw Failure("\(path): holds no token", hint: "`weir tokens create` makes one.") }
      return token
    }
  }
}

/// The HTTP API as the commands use it.
struct HostClient: Sendable {
  let url: String
  /// Reads the token; nil when none is sent.
  private let token: @Sendable () throws -> String?

  init(url: String, token: String?) {
    self.init(url: url) { token }
  }

  init(url: String, token: @escaping @Sendable () throws -> String?) {
    self.url = url
    self.token = token
  }

  func get(_ path: String, _ query: [(String, String?)] = []) throws -> JSON { try send("GET", path, query) }

  func post(_ path: String, _ query: [(String, String?)] = [], body: [UInt8] = []) throws -> JSON {
    try send("POST", path, query, body: body)
  }

  func delete(_ path: String) throws -> JSON { try send("DELETE", path) }

  func send(_ method: String, _ path: String, _ query: [(String, String?)] = [], body: [UInt8]? = nil) throws -> JSON {
    let pairs = query.compactMap { name, value in value.map { "\(name)=\(Self.encoded($0))" } }
    let address = url + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    let answer = try HTTPClient.send(method, address, body: body, token: try token())
    let json = try? JSON(parsing: answer.body)  // a proxy's page is reported below by its status
    guard (200..<300).contains(answer.status) else { throw failure(answer.status, json, address) }
    guard let json else { throw Failure("\(address): the answer is not JSON", hint: "Is that a weir host?") }
    return json
  }

  private func failure(_ status: Int, _ problem: JSON?, _ address: String) -> Failure {
    guard let problem, let title = problem["detail"]?.stringValue ?? problem["title"]?.stringValue else {
      return Failure("\(address): HTTP \(status)")
    }
    var hints = [problem["hint"]?.stringValue].compactMap { $0 }
    for error in problem["errors"]?.arrayValue ?? [] {
      if let message = error["message"]?.stringValue { hints.append(message) }
    }
    return Failure(title, hint: hints.isEmpty ? nil : hints.joined(separator: "\n  "))
  }

  /// Percent-encoded for a path segment or a query's value.
  static func encoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return encoded
  }
}
