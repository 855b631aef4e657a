extension Suggestion {
  private static let longestList = 20

  /// What there is, and what was probably meant: `It has inventory, copy. Did you mean "copy"?`
  static func hint(_ opening: String, _ known: [String], for word: String) -> String {
    let listed = known.count > longestList ? known[..<longestList] + ["…"] : known[...]
    let question = nearest(to: word, among: known).map { " Did you mean \"\($0)\"?" } ?? ""
    return "\(opening) \(listed.joined(separator: ", ")).\(question)"
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
