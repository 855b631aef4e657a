import Synchronization
import Workflow

/// Tiles that were drawn, up to so many bytes; those that nobody asked for longest go first.
final class TileCache: Sendable {
  struct Key: Hashable {
    var dataset: String
    var edition: Edition
    var address: TileAddress
  }

  private struct Entry {
    var tile: Tile
    var used: UInt64
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var bytes = 0
    var clock: UInt64 = 0
  }

  private let state = Mutex(State())
  private let mostBytes: Int
  // what an entry takes besides its tile
  private static let overhead = 200

  init(mostBytes: Int) { self.mostBytes = mostBytes }

  subscript(key: Key) -> Tile? {
    state.withLock { state in
      state.clock += 1
      state.entries[key]?.used = state.clock
      return state.entries[key]?.tile
    }
  }

  func keep(_ tile: Tile, _ key: Key) {
    state.withLock { state in
      state.clock += 1
      if let old = state.entries.updateValue(Entry(tile: tile, used: state.clock), forKey: key) {
        state.bytes -= old.tile.bytes.count + Self.overhead
      }
      state.bytes += tile.bytes.count + Self.overhead
      guard state.bytes > mostBytes else { return }
      // a tenth more than has to go, so that not every tile sorts them all
      for (key, entry) in state.entries.sorted(by: { $0.value.used < $1.value.used }) where state.bytes > mostBytes / 10 * 9 {
        state.entries[key] = nil
        state.bytes -= entry.tile.bytes.count + Self.overhead
      }
    }
  }

  var bytes: Int { state.withLock { $0.bytes } }
}
