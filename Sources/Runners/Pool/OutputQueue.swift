internal import CKernel
internal import Glibc

/// What waits to be sent to one runner. Small frames share a chunk and leave with one call.
struct OutputQueue {
  enum Flushed { case all, blocked, broken }

  private struct Chunk {
    var bytes: [UInt8]
    /// Goes with the first byte.
    var descriptor: Int32?
  }

  private static let shared = 64 << 10
  private var chunks: [Chunk] = []
  private var sent = 0
  /// The storage of a chunk that has left, for the next frames.
  private var spare: [UInt8] = []
  private(set) var byteCount = 0

  var isEmpty: Bool { chunks.isEmpty }

  mutating func append(_ write: (inout [UInt8]) -> Void) {
    if chunks.isEmpty || chunks[chunks.count - 1].bytes.count > Self.shared {
      chunks.append(Chunk(bytes: spare))
      spare = []
    }
    let last = chunks.count - 1
    let before = chunks[last].bytes.count
    write(&chunks[last].bytes)
    byteCount += chunks[last].bytes.count - before
  }

  /// A chunk of its own: not copied, and its descriptor goes with its first byte.
  mutating func append(_ bytes: [UInt8], descriptor: Int32? = nil) {
    if bytes.isEmpty { return }
    chunks.append(Chunk(bytes: bytes, descriptor: descriptor))
    byteCount += bytes.count
  }

  mutating func flush(to socket: Int32) -> Flushed {
    while !chunks.isEmpty {
      let descriptor = chunks[0].descriptor
      let count = chunks[0].bytes.withUnsafeBytes { raw in
        let rest = UnsafeRawBufferPointer(rebasing: raw[sent...])
        if let descriptor {
          return weir_send_descriptor(socket, rest.baseAddress, rest.count, descriptor)
        }
        return send(socket, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
      }
      if count < 0 { return errno == EAGAIN || errno == EINTR ? .blocked : .broken }
      if let descriptor {
        close(descriptor)
        chunks[0].descriptor = nil
      }
      sent += count
      byteCount -= count
      if sent == chunks[0].bytes.count { dropFirst() }
    }
    return .all
  }

  /// Closes the descriptors that were not sent.
  mutating func clear() {
    for chunk in chunks { if let descriptor = chunk.descriptor { close(descriptor) } }
    chunks.removeAll()
    byteCount = 0
    sent = 0
  }

  private mutating func dropFirst() {
    sent = 0
    var done = chunks.removeFirst().bytes
    if chunks.isEmpty, done.capacity <= 4 * Self.shared {
      done.removeAll(keepingCapacity: true)
      spare = done
    }
  }
}
