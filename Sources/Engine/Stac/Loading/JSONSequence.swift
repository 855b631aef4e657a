internal import Workflow

/// JSON objects one after another, white space or nothing between.
enum JSONSequence {
  /// One object's text, not checked yet, or why there is none.
  enum Element: Sendable {
    case text(ArraySlice<UInt8>)
    case fault(String)

    /// - Throws: what is wrong with it.
    func document() throws(Fault) -> RawJSON {
      switch self {
      case .fault(let message): throw Fault(message: message)
      case .text(let bytes):
        do throws(JSONSyntaxError) { return try RawJSON(validating: bytes) } catch {
          throw Fault(message: "is no JSON: line \(error.line), column \(error.column): \(error.message)")
        }
      }
    }
  }

  struct Fault: Error {
    let message: String
  }

  /// What is no object, or never ends, is a fault; behind one that cannot be delimited nothing more can be found, so that
  /// fault is the last element.
  static func split(_ bytes: [UInt8]) -> [Element] {
    var elements: [Element] = []
    var at = 0
    while let start = bytes[at...].firstIndex(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }) {
      guard bytes[start] == 0x7B else {
        elements.append(.fault("expected is an object at byte \(start), and so nothing behind it could be read"))
        return elements
      }
      guard let end = end(of: bytes, from: start) else {
        elements.append(.fault("the object that begins at byte \(start) does not end"))
        return elements
      }
      elements.append(.text(bytes[start..<end]))
      at = end
    }
    return elements
  }

  /// Behind the brace that closes the one at `start`.
  private static func end(of bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var depth = 0
      var at = start
      while at < bytes.count {
        switch bytes[at] {
        case 0x7B: depth += 1
        case 0x7D:
          depth -= 1
          if depth == 0 { return at + 1 }
        case 0x22:
          at += 1
          while at < bytes.count, bytes[at] != 0x22 { at += bytes[at] == 0x5C ? 2 : 1 }
        default: break
        }
        at += 1
      }
      return nil
    }
  }
}
