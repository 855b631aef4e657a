/// One JSON value as text, byte for byte as it was written; a slice of a larger text costs nothing.
///
/// Of two members with one key the last counts, as in PostgreSQL's `jsonb`. Only ``JSON/init(parsing:limits:)-([UInt8],_)`` refuses that.
public struct RawJSON: Sendable, Hashable, CustomStringConvertible {
  public typealias Kind = JSONKind

  /// The value's text, white space around it left out.
  public let bytes: ArraySlice<UInt8>

  public static let null = RawJSON(unchecked: ArraySlice("null".utf8))

  /// Checks that `bytes` are one JSON text (RFC 8259, UTF-8).
  public init(validating bytes: ArraySlice<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    let fault: JSONSyntaxError? = bytes.withUnsafeBufferPointer { buffer in
      var scanner = JSONScanner(buffer, limits: limits)
      do throws(JSONFault) {
        try scanner.scanDocument(limits)
        return nil
      } catch {
        return JSONSyntaxError(error, in: buffer)
      }
    }
    if let fault { throw fault }
    self.bytes = Self.trimmed(bytes)
  }

  public init(validating bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    try self.init(validating: bytes[...], limits: limits)
  }

  public init(validating text: String, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    try self.init(validating: Array(text.utf8)[...], limits: limits)
  }

  public init(validating bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    try self.init(validating: Array(bytes)[...], limits: limits)
  }

  /// Takes bytes that are known to be one JSON text: written by Weir, or checked before.
  public init(unchecked bytes: ArraySlice<UInt8>) {
    self.bytes = Self.trimmed(bytes)
  }

  public init(_ value: JSON) {
    var bytes: [UInt8] = []
    value.write(to: &bytes)
    self.bytes = bytes[...]
  }

  public var text: String { String(decoding: bytes, as: UTF8.self) }
  public var description: String { text }

  /// The tree; of two members with one key the last value stays.
  ///
  /// Null for what ``init(unchecked:)`` was wrongly given.
  public func parsed() -> JSON {
    bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(
        buffer, limits: JSONLimits(maxDepth: JSONLimits.deepest, maxBytes: .max), keepsLastOfDuplicates: true)
      do throws(JSONFault) { return try parser.parseDocument() } catch { return .null }
    }
  }

  /// The text on one line: line breaks, which can only stand between tokens, become spaces.
  public var singleLine: ArraySlice<UInt8> {
    guard bytes.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return bytes }
    return bytes.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }[...]
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var slice = bytes
    while let first = slice.first, isSpace(first) { slice.removeFirst() }
    while let last = slice.last, isSpace(last) { slice.removeLast() }
    return slice
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}
