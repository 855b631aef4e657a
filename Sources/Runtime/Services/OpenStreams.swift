import Storage
import Synchronization

/// The streams that attempts have open, by attempt and number.
final class OpenStreams: Sendable {
  enum Stream: Sendable {
    case read(any ObjectReadStream)
    case write(any ObjectWriteStream)
  }

  /// Streams that one attempt may have open at a time.
  static let limit = 64

  private struct State {
    var streams: [Int64: [UInt64: Stream]] = [:]
    var next: UInt64 = 1
  }

  private let state = Mutex(State())

  /// Nil when the attempt has too many open.
  func add(_ stream: Stream, of token: Int64) -> UInt64? {
    state.withLock { state in
      guard state.streams[token, default: [:]].count < Self.limit else { return nil }
      defer { state.next += 1 }
      state.streams[token, default: [:]][state.next] = stream
      return state.next
    }
  }

  func stream(_ number: UInt64, of token: Int64) -> Stream? { state.withLock { $0.streams[token]?[number] } }

  func take(_ number: UInt64, of token: Int64) -> Stream? {
    state.withLock { state in
      guard let stream = state.streams[token]?.removeValue(forKey: number) else { return nil }
      if state.streams[token]?.isEmpty == true { state.streams[token] = nil }
      return stream
    }
  }

  /// Forgets the streams of an attempt that has ended: nothing that was being written appears.
  func end(_ token: Int64) -> [Stream] {
    state.withLock { $0.streams.removeValue(forKey: token).map { Array($0.values) } ?? [] }
  }
}
