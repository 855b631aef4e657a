/// Reads the fields of a service call's payload, in the order that `frames.h` gives.
public struct FrameReader: Sendable {
  private let payload: [UInt8]
  private var offset = 0

  public init(_ payload: [UInt8]) {
    self.payload = payload
  }

  public mutating func unsigned() throws(FrameError) -> UInt64 {
    try read { cursor throws(FrameError) in try cursor.unsigned() }
  }

  /// A count or size, never negative and never above `limit`.
  public mutating func count(limit: Int) throws(FrameError) -> Int {
    let number = try unsigned()
    guard number <= UInt64(limit) else { throw FrameError("a count of \(number) is over its limit of \(limit)") }
    return Int(number)
  }

  /// nil is NULL. The slice shares the payload's storage.
  public mutating func bytes() throws(FrameError) -> ArraySlice<UInt8>? {
    let length = try read { cursor throws(FrameError) in try cursor.field()?.count }
    return length.map { payload[(offset - $0)..<offset] }
  }

  /// UTF-8, checked; nil is NULL.
  public mutating func text() throws(FrameError) -> String? {
    try read { cursor throws(FrameError) in try cursor.text("text") }
  }

  /// Text that must be there.
  public mutating func requiredText(_ name: String) throws(FrameError) -> String {
    guard let text = try text() else { throw FrameError("\(name) is NULL") }
    return text
  }

  /// Refuses bytes after the last field.
  public func end() throws(FrameError) {
    if offset != payload.count { throw FrameError("\(payload.count - offset) bytes follow the last field") }
  }

  private mutating func read<T>(_ body: (inout PayloadCursor) throws(FrameError) -> T) throws(FrameError) -> T {
    var end = offset
    var outcome: Result<T, FrameError>
    outcome = payload.withUnsafeBytes { raw in
      var cursor = PayloadCursor(raw, at: offset)
      defer { end = cursor.offset }
      do throws(FrameError) { return .success(try body(&cursor)) } catch { return .failure(error) }
    }
    offset = end
    return try outcome.get()
  }
}
