import Synchronization
import Workflow

/// The chunks of items that were read last, split into values: the tasks of a stage ask for one chunk many times.
///
/// Chunks never change once they are visible. Bounded by bytes; the chunk that was read longest ago goes first.
final class ItemChunks: Sendable {
  struct Source: Hashable, Sendable {
    var stageID: Int64
    var kind: ItemKind
  }

  private struct Entry {
    var source: Source
    var first: Int
    var values: [RawJSON]
    var bytes: Int
  }

  /// What an entry counts for besides its text, so that there are few however small they are: they are searched one by one.
  private static let overhead = 32 << 10

  private let capacity: Int
  private let entries = Mutex<[Entry]>([])

  /// - Parameter capacity: bytes of text, and 32 KiB an entry.
  init(capacity: Int = 8 << 20) {
    self.capacity = capacity
  }

  /// The values of the range; nil unless all of them are here.
  func values(of source: Source, in range: Range<Int>) -> [RawJSON]? {
    entries.withLock { entries in
      var found: [RawJSON] = []
      var next = range.lowerBound
      while next < range.upperBound {
        let entry = entries.first {
          $0.source == source && $0.first <= next && next < $0.first + $0.values.count
        }
        guard let entry else { return nil }
        let end = min(range.upperBound, entry.first + entry.values.count)
        found += entry.values[next - entry.first..<end - entry.first]
        next = end
      }
      return found
    }
  }

  func add(_ values: [RawJSON], first: Int, bytes: Int, of source: Source) {
    entries.withLock { entries in
      guard !entries.contains(where: { $0.source == source && $0.first == first }) else { return }
      entries.append(Entry(source: source, first: first, values: values, bytes: bytes + Self.overhead))
      var total = entries.reduce(0) { $0 + $1.bytes }
      while total > capacity, entries.count > 1 { total -= entries.removeFirst().bytes }
    }
  }
}
