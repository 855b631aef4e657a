import Runners

/// The fields of a service call; one that is broken is the runner's misuse.
struct CallFields {
  private var reader: FrameReader

  init(_ call: ServiceCall) { reader = call.reader }

  mutating func unsigned() throws(ServiceFault) -> UInt64 {
    try read { reader throws(FrameError) in try reader.unsigned() }
  }

  mutating func count(limit: Int) throws(ServiceFault) -> Int {
    try read { reader throws(FrameError) in try reader.count(limit: limit) }
  }

  /// nil is NULL.
  mutating func bytes() throws(ServiceFault) -> ArraySlice<UInt8>? {
    try read { reader throws(FrameError) in try reader.bytes() }
  }

  mutating func text() throws(ServiceFault) -> String? {
    try read { reader throws(FrameError) in try reader.text() }
  }

  mutating func requiredText(_ name: String) throws(ServiceFault) -> String {
    try read { reader throws(FrameError) in try reader.requiredText(name) }
  }

  private mutating func read<T>(_ body: (inout FrameReader) throws(FrameError) -> T) throws(ServiceFault) -> T {
    do throws(FrameError) { return try body(&reader) } catch { throw ServiceFault(ServiceFault.misuse, error.message) }
  }
}
