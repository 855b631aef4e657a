/// From which sizes on S3 is told in parts, in bytes.
struct S3Sizes: Sendable {
  /// Up to here one request copies inside the store.
  var copyAtOnce: UInt64 = 256 << 20
  var copyPart: UInt64 = 128 << 20
  /// Up to here one request sends a file.
  var fileAtOnce: UInt64 = 128 << 20
  var filePart: UInt64 = 32 << 20
  /// What a stream gathers before it sends.
  var streamPart = 8 << 20
}
