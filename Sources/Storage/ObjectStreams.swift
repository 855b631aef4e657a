// Two protocols in one file: the two ends of the same pipe.

/// An object being read. One thread at a time.
public protocol ObjectReadStream: AnyObject, Sendable {
  /// The version that is read; `range` of it comes.
  var head: ObjectHead { get }

  /// Fills up to `into.count` bytes; 0 is the end.
  /// - Throws: `.changed` when the object became another meanwhile: what was pulled may be of both.
  func pull(into: UnsafeMutableRawBufferPointer) throws(StorageError) -> Int
}

/// An object being written; it appears whole at `commit`, or never. One thread at a time.
public protocol ObjectWriteStream: AnyObject, Sendable {
  func push(_ bytes: UnsafeRawBufferPointer) throws(StorageError)

  /// Makes the object appear under its key, durable. The stream is over, whatever this does.
  func commit() throws(StorageError) -> WriteResult

  /// Nothing appears. So it is too if the last reference goes without a commit.
  func abort()
}
