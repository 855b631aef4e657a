internal import Glibc

/// Tries at what other writers may undo: the first at once, later ones after pauses of random length, so that nobody is always the last.
///
/// Five seconds or so, then it ends.
struct Attempts: Sequence, IteratorProtocol {
  private var count = 0

  mutating func next() -> Void? {
    count += 1
    if count > 8 { usleep(.random(in: 0...UInt32(Swift.min(count * 50, 5000)))) }
    return count <= 2000 ? () : nil
  }
}
