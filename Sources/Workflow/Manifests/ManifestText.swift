/// A JSON document of which every value knows its place, so that problems can name line and column.
public struct ManifestText: Sendable {
  /// The file's path as it was given, or a word such as `body`.
  public let file: String
  let root: LocatedValue
  private let bytes: [UInt8]
  private let lineStarts: [Int]

  /// - Throws: one problem, with its line and column, when the bytes are not one JSON value.
  public init(bytes: [UInt8], file: String) throws(Problem) {
    do {
      _ = try RawJSON(validating: bytes)
    } catch {
      throw Problem(
        file: file, line: error.line, column: error.column, message: "not JSON: \(error.message).",
        hint: "Nothing after this place was looked at.")
    }
    var reader = LocatedValue.Reader(bytes: bytes)
    self.file = file
    self.root = reader.value()
    self.bytes = bytes
    self.lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }

  public var json: JSON { root.json }

  /// Line and column, in characters, both from 1, of a byte.
  func position(at offset: Int) -> (line: Int, column: Int) {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let continuation = bytes[lineStarts[low]..<offset].count { $0 & 0xC0 == 0x80 }
    return (low + 1, offset - lineStarts[low] - continuation + 1)
  }

  /// Where the value at the path begins; where the innermost value around it begins if there is none.
  func offset(of path: ManifestPath) -> Int {
    var value = root
    for component in path.components {
      switch (component, value.content) {
      case (.member(let name), .object(let members)):
        guard let member = members.last(where: { $0.name == name }) else { return value.offset }
        value = member.value
      case (.element(let index), .array(let elements)) where elements.indices.contains(index): value = elements[index]
      default: return value.offset
      }
    }
    return value.offset
  }

  func problem(at path: ManifestPath, _ message: String, hint: String? = nil) -> Problem {
    problem(at: path, offset: offset(of: path), message, hint: hint)
  }

  func problem(at path: ManifestPath, offset: Int, _ message: String, hint: String? = nil) -> Problem {
    let (line, column) = position(at: offset)
    return Problem(file: file, line: line, column: column, path: path.description, message: message, hint: hint)
  }
}
