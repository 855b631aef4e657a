/// What a request carries.
public enum HTTPBody: Sendable {
  /// No body and no Content-Length; a PUT, POST or PATCH says `Content-Length: 0`.
  case none
  case bytes([UInt8])
  /// Read while it is sent, so that nothing is held in memory.
  case source(any HTTPBodySource)
}

/// A body that is read piece by piece. One thread at a time; of the same source a request can be sent again.
public protocol HTTPBodySource: AnyObject, Sendable {
  /// Bytes; nil: not known, it is sent in chunks.
  var size: UInt64? { get }

  /// Fills up to `into.count` bytes; 0 is the end, nil: it cannot be read, and the request fails as `.cut`.
  func read(into: UnsafeMutableRawBufferPointer) -> Int?

  /// Back to the first byte; false: it cannot, and a request whose connection broke is not sent again.
  func rewind() -> Bool
}
