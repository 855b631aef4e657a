extension JSON {
  /// Whether both mean the same: numbers by exact value, objects whatever the order of their keys.
  public func isEquivalent(to other: JSON) -> Bool {
    switch (self, other) {
    case (.number(let left), .number(let right)): left.isEqual(to: right)
    case (.array(let left), .array(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.isEquivalent(to: $1) }
    case (.object(let left), .object(let right)):
      left.count == right.count
        && left.members.allSatisfy { member in
          right[member.key].map { $0.isEquivalent(to: member.value) } ?? false
        }
    default: self == other
    }
  }

  /// Feeds what ``isEquivalent(to:)`` compares, so that equivalent values hash alike.
  func hashMeaning(into hasher: inout Hasher) {
    hasher.combine(kind)
    switch self {
    case .number(let number):
      if let int = number.int { hasher.combine(int) } else { hasher.combine(JSONDecimal(number.text)) }
    case .array(let elements):
      hasher.combine(elements.count)
      for element in elements { element.hashMeaning(into: &hasher) }
    case .object(let object):
      var sum = 0
      for member in object.members {
        var own = hasher
        own.combine(JSONText(member.key))
        member.value.hashMeaning(into: &own)
        sum &+= own.finalize()
      }
      hasher.combine(sum)
    default: hasher.combine(self)
    }
  }
}
