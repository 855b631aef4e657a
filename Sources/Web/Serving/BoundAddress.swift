import Synchronization
import Workflow

/// The URL of a server that is about to listen, for those who wait for it.
final class BoundAddress: Sendable {
  private enum State {
    case waiting([CheckedContinuation<String, any Error>])
    case known(Result<String, any Error>)
  }

  private let state = Mutex(State.waiting([]))

  /// - Throws: what `fail` was given.
  var url: String {
    get async throws {
      try await withCheckedThrowingContinuation { continuation in
        let known: Result<String, any Error>? = state.withLock { state in
          switch state {
          case .waiting(let others):
            state = .waiting(others + [continuation])
            return nil
          case .known(let result): return result
          }
        }
        if let known { continuation.resume(with: known) }
      }
    }
  }

  func succeed(_ address: ListenAddress, port: Int) {
    // "every address" is nothing that a client can call
    let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][address.host] ?? address.host
    settle(.success("http://\(ListenAddress(host: host, port: port))"))
  }

  func fail(_ error: any Error) {
    settle(.failure(error))
  }

  // A server that stops after it served fails those who ask from then on.
  private func settle(_ result: Result<String, any Error>) {
    let waiting: [CheckedContinuation<String, any Error>] = state.withLock { state in
      defer { state = .known(result) }
      if case .waiting(let waiting) = state { return waiting }
      return []
    }
    for continuation in waiting { continuation.resume(with: result) }
  }
}
