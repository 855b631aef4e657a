import Foundation
import FoundationNetworking
import Runtime
import Synchronization

/// Loads pages again and again, ten a second, and keeps how large the largest was.
final class PageWatch: Sendable {
  private let isOver = Atomic(false)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let largest = Mutex(0)

  init(_ urls: [String]) {
    Threads.start { [self] in
      while !isOver.load(ordering: .relaxed) {
        for url in urls.compactMap({ URL(string: $0) }) {
          // a page that is not there counts nothing
          if let page = try? Data(contentsOf: url) { largest.withLock { $0 = max($0, page.count) } }
          usleep(100_000)
        }
      }
      hasEnded.signal()
    }
  }

  /// Bytes of the largest page.
  func end() -> Int {
    isOver.store(true, ordering: .relaxed)
    hasEnded.wait()
    return largest.withLock { $0 }
  }
}
