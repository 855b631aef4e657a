/// Refuses schemas that could check one value forever, before they do.
enum SchemaCost {
  private enum State {
    case unseen, open
    /// How many subschemas apply to one value from here on, and how many of them in a row.
    case known(cost: Int, length: Int)
  }

  /// - Throws: `.endless` for a subschema that applies itself to the same value, `.tooCostly` or `.tooManyInRow`
  ///   when too many apply.
  static func check(_ subschemas: [Subschema], limits: SchemaLimits) throws(SchemaError) {
    var states = [State](repeating: .unseen, count: subschemas.count)
    for start in subschemas.indices {
      var path = [start]
      while let place = path.last {
        switch states[place] {
        case .known:
          path.removeLast()
          continue
        case .unseen: states[place] = .open
        case .open: break
        }
        let next = subschemas[place].appliedToSameValue
        var cost = 1
        var length = 1
        var missing: [Int] = []
        for child in next {
          switch states[child] {
          case .known(let ownCost, let ownLength):
            cost += ownCost
            length = max(length, ownLength + 1)
          case .unseen: missing.append(child)
          case .open: throw SchemaError(.endless, at: subschemas[child].pointer)
          }
        }
        if missing.isEmpty {
          guard cost <= limits.maxPerValue else {
            throw SchemaError(.tooCostly(limit: limits.maxPerValue), at: subschemas[place].pointer)
          }
          guard length <= limits.maxInRow else {
            throw SchemaError(.tooManyInRow(limit: limits.maxInRow), at: subschemas[place].pointer)
          }
          states[place] = .known(cost: cost, length: length)
          path.removeLast()
        } else {
          path += missing
        }
      }
    }
  }
}
