import Workflow

/// A URL that a handler may ask for, read more strictly than browsers do: what two readers could read differently is refused.
struct RequestURL: Sendable, Hashable {
  enum Host: Sendable, Hashable {
    /// Lower case, without a trailing dot.
    case name(String)
    /// As the system writes it.
    case address(String)
  }

  var isSecure: Bool
  var host: Host
  var port: Int
  /// From "/" on, without the query.
  var path: String
  /// Without "?".
  var query: String?

  /// - Throws: what is wrong with the text, and how to mend it.
  init(_ text: String) throws(ServiceFault) {
    guard text.utf8.count <= 8192 else { throw Self.wrong("it is longer than 8192 bytes") }
    guard text.utf8.allSatisfy(Self.isPlain) else {
      throw Self.wrong("it has a letter that must be percent-encoded; write a host with other letters in its xn-- form")
    }
    guard let mark = text.firstRange(of: "://") else { throw Self.wrong("it is not http://host/path or https://host/path") }
    switch text[..<mark.lowerBound].lowercased() {
    case "https": isSecure = true
    case "http": isSecure = false
    default: throw Self.wrong("its scheme is neither http nor https")
    }
    let rest = text[mark.upperBound...].prefix { $0 != "#" }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    if authority.contains("@") { throw Self.wrong("it has a user before the host: name a credential by \"auth\" instead") }
    (host, port) = try Self.place(authority, isSecure: isSecure)
    let target = rest[authority.endIndex...]
    let written = target.prefix { $0 != "?" }
    path = written.isEmpty ? "/" : String(written)
    query = written.endIndex == target.endIndex ? nil : String(target[target.index(after: written.endIndex)...])
  }

  /// As a grant names it.
  var hostText: String {
    switch host {
    case .name(let name): name
    case .address(let address): address
    }
  }

  /// Where credentials belong.
  var origin: String {
    let name = hostText.contains(":") ? "[\(hostText)]" : hostText
    return "\(isSecure ? "https" : "http")://\(name):\(port)"
  }

  var text: String {
    let name = hostText.contains(":") ? "[\(hostText)]" : hostText
    let isUsual = port == (isSecure ? 443 : 80)
    return "\(isSecure ? "https" : "http")://\(name)\(isUsual ? "" : ":\(port)")\(path)\(query.map { "?\($0)" } ?? "")"
  }

  /// For messages: queries may hold secrets.
  var subject: String { String(text.prefix { $0 != "?" }) }

  private static func wrong(_ what: String) -> ServiceFault { ServiceFault(ServiceFault.invalid, "the URL: \(what)") }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && !"\"<>\\^`{|}".utf8.contains(byte)
  }

  private static func place(_ authority: Substring, isSecure: Bool) throws(ServiceFault) -> (Host, Int) {
    var name = authority
    var port = isSecure ? 443 : 80
    let afterBracket = authority.lastIndex(of: "]") ?? authority.startIndex
    if let colon = authority[afterBracket...].lastIndex(of: ":") {
      let digits = authority[authority.index(after: colon)...]
      guard let number = Int(digits), digits.allSatisfy(\.isNumber), (1...65535).contains(number) else {
        throw wrong("its port is no number from 1 to 65535")
      }
      (name, port) = (authority[..<colon], number)
    }
    if name.hasPrefix("[") { return (.address(try bracketed(name)), port) }
    return (try named(name.lowercased()), port)
  }

  private static func bracketed(_ text: Substring) throws(ServiceFault) -> String {
    guard text.hasSuffix("]"), let address = NetworkAddress(String(text.dropFirst().dropLast())), address.isVersion6 else {
      throw wrong("what stands in brackets is no IPv6 address")
    }
    return address.text
  }

  private static func named(_ text: String) throws(ServiceFault) -> Host {
    let name = text.hasSuffix(".") ? String(text.dropLast()) : text
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    let isName =
      name.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count)
          && label.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
          }
      }
    guard isName, let last = labels.last else { throw wrong("its host is no name") }
    // what ends in a number is an address to every resolver, in one of a dozen spellings
    if last.utf8.allSatisfy({ (48...57).contains($0) }) || last.hasPrefix("0x") {
      guard name == text, let address = NetworkAddress(name), !address.isVersion6 else {
        throw wrong("its host is a number: write an IPv4 address as four decimal numbers")
      }
      return .address(address.text)
    }
    return .name(name)
  }
}
