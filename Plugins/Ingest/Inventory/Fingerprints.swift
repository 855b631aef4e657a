/// A set of texts that keeps 16 bytes of each: a million of them take 32 MB, however long they are.
///
/// Two texts of a million share a fingerprint with probability 10^-27.
struct Fingerprints {
  private struct Fingerprint: Hashable {
    let high: Int, low: Int
  }

  private var seen: Set<Fingerprint> = []

  /// False if it was there.
  mutating func insert(_ text: String) -> Bool {
    var high = Hasher()
    high.combine(0)
    high.combine(ExactText(text))
    var low = Hasher()
    low.combine(1)
    low.combine(ExactText(text))
    return seen.insert(Fingerprint(high: high.finalize(), low: low.finalize())).inserted
  }
}
