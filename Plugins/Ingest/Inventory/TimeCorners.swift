import HandlerKit

/// The least and greatest times of items, month by month: all that partitions need to know of them.
struct TimeCorners {
  private struct Corners {
    var least: Instant, leastEnd: Instant, greatest: Instant, greatestEnd: Instant
  }

  private var months: [Int: Corners] = [:]
  /// A result holds at most a megabyte: with more months than these, twelve are taken together.
  private static let mostMonths = 3000

  /// Takes an item's time as pgSTAC sees it: start and end if it has both, else its datetime twice.
  /// - Throws: `.invalid` if there is no such time, or it ends before it starts.
  mutating func add(_ item: JSONText) throws(HandlerError) {
    let properties = item["properties"]
    let start = properties?["start_datetime"]?.string
    let end = properties?["end_datetime"]?.string
    let texts = if let start, let end { (start, end) } else { properties?["datetime"]?.string.map { ($0, $0) } }
    guard let texts else {
      throw .invalid("It has neither a datetime nor start_datetime and end_datetime.", pointer: "/properties/datetime")
    }
    guard let from = Instant(texts.0), let to = Instant(texts.1) else {
      throw .invalid(
        "Its datetime, \(texts.0)\(texts.0 == texts.1 ? "" : " to \(texts.1)"), is not RFC 3339.", pointer: "/properties/datetime")
    }
    if to < from {
      throw .invalid("Its start_datetime, \(texts.0), is after its end_datetime, \(texts.1).", pointer: "/properties/start_datetime")
    }
    let known = months[from.month] ?? Corners(least: from, leastEnd: to, greatest: from, greatestEnd: to)
    months[from.month] = Corners(
      least: min(known.least, from), leastEnd: min(known.leastEnd, to),
      greatest: max(known.greatest, from), greatestEnd: max(known.greatestEnd, to))
  }

  /// For each month `[least, least end]` and `[greatest, greatest end]`, in order of time.
  var intervals: [[String]] {
    let divisor = months.count > Self.mostMonths ? 12 : 1
    let groups = Dictionary(grouping: months) { $0.key / divisor }.sorted { $0.key < $1.key }.map { $0.value.map(\.value) }
    return groups.flatMap { group -> [[String]] in
      guard let least = group.map(\.least).min(), let leastEnd = group.map(\.leastEnd).min(),
        let greatest = group.map(\.greatest).max(), let greatestEnd = group.map(\.greatestEnd).max()
      else { return [] }
      let low = [least.text, leastEnd.text]
      let high = [greatest.text, greatestEnd.text]
      return low == high ? [low] : [low, high]
    }
  }
}
