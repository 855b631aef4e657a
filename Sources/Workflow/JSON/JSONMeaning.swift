/// A value as a key of a set or dictionary, by what it means: see ``JSON/isEquivalent(to:)``.
struct JSONMeaning: Hashable {
  let value: JSON

  static func == (left: JSONMeaning, right: JSONMeaning) -> Bool { left.value.isEquivalent(to: right.value) }

  func hash(into hasher: inout Hasher) { value.hashMeaning(into: &hasher) }
}
