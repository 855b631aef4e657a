/// Where a container is: `file:///absolute/path`, percent-encoded, with one "*" for the name if it belongs to a pattern.
struct ContainerURL: Sendable, Equatable {
  private let path: String

  init(_ text: String, name: String, isPattern: Bool) throws(StorageError) {
    guard let scheme = text.firstRange(of: "://").map({ text[..<$0.lowerBound] }) else {
      throw StorageError(.invalid("\"\(text)\" is no URL; a directory is written file:///absolute/path"), name)
    }
    guard scheme == "file" else {
      let problem = "\"\(scheme)://\" containers are not supported by this weir, only file:///absolute/path"
      throw StorageError(.unsupported(problem), name)
    }
    let rest = text.dropFirst("file://".count)
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    guard rest[..<slash].isEmpty || rest[..<slash] == "localhost" else {
      throw StorageError(.invalid("\"\(text)\" names another machine; write file:///absolute/path"), name)
    }
    guard let path = Self.decoded(rest[slash...]), path.utf8.count > 1, !path.utf8.contains(0) else {
      throw StorageError(.invalid("\"\(text)\" has no path; write file:///absolute/path"), name)
    }
    let stars = path.utf8.count { $0 == 0x2A }
    guard stars == (isPattern ? 1 : 0) else {
      let rule = isPattern ? "needs one \"*\", where the container's name goes" : "has a \"*\", but its name has none"
      throw StorageError(.invalid("\"\(text)\" \(rule)"), name)
    }
    self.path = path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  func path(for name: ContainerName) -> String {
    path.split(separator: "*", omittingEmptySubsequences: false).joined(separator: name.text)
  }

  /// The URL of one object, percent-encoded.
  func text(for name: ContainerName, key: String) -> String {
    var text = "file://"
    for byte in (path(for: name) + "/" + key).utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x2F: text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return text
  }

  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
