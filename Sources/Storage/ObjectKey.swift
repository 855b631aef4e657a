/// The name of an object inside its container: segments with "/" between, UTF-8, 1 to 1,024 bytes.
///
/// No segment is empty, "." or "..", so no key leaves its container; "/" is neither first nor last. Two keys are equal
/// if their bytes are: "é" in one code point and in two are different objects.
public struct ObjectKey: Sendable, CustomStringConvertible {
  public static let longest = 1024

  public let text: String

  /// - Throws: `.invalid` with what is wrong.
  public init(_ text: String) throws(StorageError) {
    if let problem = Self.problem(in: text) { throw StorageError(.invalid(problem), "\"\(text)\"") }
    self.text = text
  }

  public var description: String { text }

  private static func problem(in text: String) -> String? {
    let bytes = text.utf8
    if bytes.isEmpty { return "an object's key is empty" }
    if bytes.count > longest { return "an object's key has at most \(longest) bytes, this has \(bytes.count)" }
    if bytes.contains(0) { return "an object's key has a NUL character" }
    if bytes.first == 0x2F { return "an object's key does not start with \"/\"" }
    if bytes.last == 0x2F { return "an object's key does not end with \"/\"" }
    return segmentProblem(in: bytes)
  }

  static func segmentProblem(in bytes: some Collection<UInt8>) -> String? {
    for segment in bytes.split(separator: 0x2F, omittingEmptySubsequences: false) {
      if segment.isEmpty { return "an object's key has an empty segment (\"//\")" }
      if segment.elementsEqual([0x2E]) { return "an object's key has no segment \".\"" }
      if segment.elementsEqual([0x2E, 0x2E]) { return "an object's key has no segment \"..\"" }
    }
    return nil
  }
}

extension ObjectKey: Hashable, Comparable {
  public static func == (a: ObjectKey, b: ObjectKey) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }
  public static func < (a: ObjectKey, b: ObjectKey) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }
  public func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
