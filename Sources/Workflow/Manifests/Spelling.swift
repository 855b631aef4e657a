/// What somebody may have meant by a word that is not known.
public enum Spelling {
  /// The known word nearest to `word`, if it is near enough to be a slip: at most one edit in three letters, at least one.
  public static func nearest(_ word: String, among known: some Sequence<String>) -> String? {
    let bound = max(1, word.count / 3)
    var best: (distance: Int, word: String)?
    for candidate in known where candidate != word {
      if abs(candidate.count - word.count) > bound { continue }
      let found = distance(Array(word.lowercased()), Array(candidate.lowercased()))
      if found <= bound, found < best?.distance ?? .max { best = (found, candidate) }
    }
    return best?.word
  }

  /// `Did you mean "copy"?`, or nil when nothing is near.
  static func question(_ word: String, among known: some Sequence<String>) -> String? {
    nearest(word, among: known).map { "Did you mean \"\($0)\"?" }
  }

  /// How many letters to add, drop, change or swap with their neighbour.
  private static func distance(_ one: [Character], _ other: [Character]) -> Int {
    if one.isEmpty || other.isEmpty { return max(one.count, other.count) }
    var before: [Int] = []
    var last = Array(0...other.count)
    for i in 1...one.count {
      var row = [i]
      row.reserveCapacity(other.count + 1)
      for j in 1...other.count {
        let same = one[i - 1] == other[j - 1]
        var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1))
        if i > 1, j > 1, one[i - 1] == other[j - 2], one[i - 2] == other[j - 1] { cost = min(cost, before[j - 2] + 1) }
        row.append(cost)
      }
      before = last
      last = row
    }
    return last[other.count]
  }
}

extension Sequence where Element == String {
  /// `a, b and c`.
  func listed(_ conjunction: String = "and") -> String {
    let words = Array(self)
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }
}
