/// A set of texts that keeps 16 bytes of each: a million of them take 32 MB, however long they are.
///
/// Two texts of a million share a fingerprint with probability 10^-27.
struct Fingerprints {
  private struct Fingerprint: Hashable {
    let high: Int, low: Int
  }

  private var seen: Set<Fingerprint> = []

  /// False if it was there.
  mutating func insert(_ text: String) -> Bool { seen.insert(Self.fingerprint(text)).inserted }

  func contains(_ text: String) -> Bool { seen.contains(Self.fingerprint(text)) }

  private static func fingerprint(_ text: String) -> Fingerprint {
    var high = Hasher()
    high.combine(0)
    high.combine(ExactText(text))
    var low = Hasher()
    low.combine(1)
    low.combine(ExactText(text))
    return Fingerprint(high: high.finalize(), low: low.finalize())
  }
}
