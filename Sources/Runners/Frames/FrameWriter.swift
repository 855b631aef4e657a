/// Writes the fields of a payload, in the order that `frames.h` gives.
public struct FrameWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func unsigned(_ value: UInt64) {
    bytes.appendLittleEndian(value)
  }

  public mutating func signed(_ value: Int64) {
    unsigned(UInt64(bitPattern: value))
  }

  /// nil is NULL.
  public mutating func bytes(_ value: (some Collection<UInt8>)?) {
    if let value { bytes.appendField(value) } else { bytes.appendNullField() }
  }

  /// nil is NULL.
  public mutating func text(_ value: String?) {
    bytes(value?.utf8)
  }
}

extension [UInt8] {
  mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  mutating func appendField(_ value: some Collection<UInt8>) {
    appendLittleEndian(UInt32(value.count))
    append(contentsOf: value)
  }

  mutating func appendNullField() {
    appendLittleEndian(UInt32.max)
  }

  /// Writes a frame whose payload is what `payload` appends.
  mutating func appendFrame(
    _ kind: FrameHead.Kind, task: UInt64 = 0, call: UInt64 = 0, flags: UInt16 = 0, _ payload: (inout [UInt8]) -> Void
  ) {
    let start = count
    FrameHead(kind, payloadSize: 0, task: task, call: call, flags: flags).write(to: &self)
    payload(&self)
    let size = UInt32(count - start - FrameHead.size).littleEndian
    withUnsafeMutableBytes { $0.storeBytes(of: size, toByteOffset: start, as: UInt32.self) }
  }
}
