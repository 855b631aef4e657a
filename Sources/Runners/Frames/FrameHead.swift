/// The 24 bytes before each payload.
struct FrameHead: Equatable {
  static let size = 24
  /// `WEIR_MAX_FRAME`: a macro that Swift does not see.
  static let maximumPayload = (64 << 20) + (1 << 20)

  enum Kind: UInt16 {
    case hello = 1
    case task, reply, credit, stop
    case ready = 33
    case refused, outcome, call, emit, log, progress
  }

  var payloadSize: Int
  var kind: UInt16
  var flags: UInt16 = 0
  var task: UInt64 = 0
  var call: UInt64 = 0

  init(_ kind: Kind, payloadSize: Int, task: UInt64 = 0, call: UInt64 = 0, flags: UInt16 = 0) {
    self.payloadSize = payloadSize
    self.kind = kind.rawValue
    self.flags = flags
    self.task = task
    self.call = call
  }

  /// `bytes` has at least `size` bytes.
  init(reading bytes: UnsafeRawPointer) {
    payloadSize = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
    kind = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
    flags = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
    task = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    call = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
  }

  func write(to bytes: inout [UInt8]) {
    bytes.appendLittleEndian(UInt32(payloadSize))
    bytes.appendLittleEndian(kind)
    bytes.appendLittleEndian(flags)
    bytes.appendLittleEndian(task)
    bytes.appendLittleEndian(call)
  }
}
