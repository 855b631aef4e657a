import FoundationEssentials
import Workflow

/// A credential with its secret, read when it is needed: it goes onto the wire and nowhere else.
struct Secret: Sendable {
  private let credential: HTTPCredential
  private let text: String

  /// - Parameter environment: the host's.
  /// - Throws: what the operator must mend; the message names the credential and its place, never the secret.
  init(_ name: String, _ credential: HTTPCredential, environment: [String: String]) throws(ServiceFault) {
    self.credential = credential
    let place: String
    let found: String?
    switch credential.source {
    case .environment(let variable):
      place = "the host has no variable \(variable)"
      found = environment[variable]
    case .file(let path):
      place = "the host cannot read \(path)"
      found = Self.read(path)
    }
    guard let text = found, !text.isEmpty else { throw ServiceFault(ServiceFault.failed, "credential \"\(name)\": \(place)") }
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw ServiceFault(ServiceFault.failed, "credential \"\(name)\": its secret is more than one line, or holds control characters")
    }
    if case .queries(let names) = credential.kind, Self.parts(text).count != names.count {
      throw ServiceFault(
        ServiceFault.failed,
        "credential \"\(name)\": its secret must have \(names.count) parts with \":\" between them, for \(names.joined(separator: " and "))"
      )
    }
    self.text = text
  }

  private static func parts(_ text: String) -> [String] {
    text.split(separator: ":", omittingEmptySubsequences: true).map(String.init)
  }

  /// Why it is not sent there; nil: it may be.
  func refusal(_ name: String, for url: RequestURL) -> ServiceFault? {
    guard credential.hosts.match(url.hostText) else {
      return ServiceFault(ServiceFault.denied, "credential \"\(name)\": the configuration does not let it go to \(url.hostText)")
    }
    guard url.isSecure || credential.allowsHTTP else {
      return ServiceFault(ServiceFault.denied, "credential \"\(name)\": it is not sent over http, where others can read it")
    }
    return nil
  }

  var header: (name: String, value: String)? {
    switch credential.kind {
    case .bearer: ("Authorization", "Bearer \(text)")
    case .basic(let user): ("Authorization", "Basic \(Self.base64("\(user):\(text)"))")
    case .header(let name): (name, text)
    case .query, .queries: nil
    }
  }

  /// The URL with the secret in its query, if that is where it belongs and it is not there yet.
  func added(to url: RequestURL) -> RequestURL {
    let pairs: [(name: String, value: String)] =
      switch credential.kind {
      case .query(let name): [(name, text)]
      case .queries(let names): zip(names, Self.parts(text)).map { ($0, $1) }
      default: []
      }
    var url = url
    for (name, value) in pairs {
      let there = (url.query ?? "").split(separator: "&")
      if there.contains(where: { $0.hasPrefix("\(name)=") }) { continue }
      url.query = (there.map(String.init) + ["\(name)=\(Self.encoded(value))"]).joined(separator: "&")
    }
    return url
  }

  func isIn(_ other: String) -> Bool { forms.contains { other.contains($0) } }

  /// The text without the secret, however it is spelled.
  func hidden(in other: String) -> String {
    forms.reduce(other) { $0.replacing($1, with: "(hidden)") }
  }

  /// The ways in which it is sent, and in which a server may send it back; the longest first.
  private var forms: [String] {
    var all = [text]
    if case .queries = credential.kind { all += Self.parts(text) }
    var forms = all.flatMap { [$0, Self.encoded($0), Self.base64($0)] }
    if case .basic(let user) = credential.kind { forms.append(Self.base64("\(user):\(text)")) }
    return Set(forms).sorted { $0.utf8.count > $1.utf8.count }
  }

  private static func read(_ path: String) -> String? {
    guard let data = try? Data(contentsOf: URL(filePath: path)), data.count <= 64 << 10 else { return nil }  // the caller says so
    let text = String(decoding: data, as: UTF8.self)
    return text.hasSuffix("\r\n") ? String(text.dropLast()) : text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  private static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.map { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: String(UnicodeScalar(byte))
      default: "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }.joined()
  }
}
