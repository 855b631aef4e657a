internal import Glibc

/// What came from one runner's socket and was not read yet; frames are parsed where they lie.
struct InputBuffer: ~Copyable {
  enum Received { case some, nothing, ended }

  private static let usualSize = 64 << 10
  private var room: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0

  init() {
    room = .allocate(byteCount: Self.usualSize, alignment: 16)
  }

  deinit {
    room.deallocate()
  }

  /// Reads once, as much as there is room for. `ended` also stands for a broken socket.
  mutating func receive(from socket: Int32) -> Received {
    makeRoom()
    let count = recv(socket, room.baseAddress! + end, room.count - end, Int32(MSG_DONTWAIT))
    if count > 0 {
      end += count
      return .some
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .ended
  }

  /// The next whole frame; its payload lies here until the next `receive`. nil: more must come first.
  mutating func next() throws(FrameError) -> (head: FrameHead, payload: UnsafeRawBufferPointer)? {
    guard end - start >= FrameHead.size else { return nil }
    let head = FrameHead(reading: room.baseAddress! + start)
    guard FrameHead.Kind(rawValue: head.kind).map({ $0.rawValue >= FrameHead.Kind.ready.rawValue }) ?? false else {
      throw FrameError("a frame of kind \(head.kind)")
    }
    guard head.payloadSize <= FrameHead.maximumPayload else {
      throw FrameError("a frame of \(head.payloadSize) bytes, over the limit of \(FrameHead.maximumPayload)")
    }
    guard end - start >= FrameHead.size + head.payloadSize else { return nil }
    let payload = UnsafeRawBufferPointer(
      start: room.baseAddress! + start + FrameHead.size, count: head.payloadSize)
    start += FrameHead.size + head.payloadSize
    return (head, payload)
  }

  /// Grows by what has come, never by what a frame claims.
  private mutating func makeRoom() {
    if start == end {
      start = 0
      end = 0
      if room.count > 16 * Self.usualSize { resize(to: Self.usualSize) }
      return
    }
    if start > 0, room.count - end < room.count / 2 {
      memmove(room.baseAddress!, room.baseAddress! + start, end - start)
      end -= start
      start = 0
    }
    if end == room.count { resize(to: room.count * 2) }
  }

  private mutating func resize(to size: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    memcpy(larger.baseAddress!, room.baseAddress!, end)
    room.deallocate()
    room = larger
  }
}
