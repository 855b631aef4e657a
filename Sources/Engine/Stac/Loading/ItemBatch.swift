internal import Workflow

/// The elements of one call as rows, a transaction's worth at a time. The next ones are made on another thread while the
/// caller is busy with those before.
struct ItemBatch {
  private let elements: [JSONSequence.Element]
  private let target: LoadTarget
  private var start = 0
  private var ahead: Ahead<[Result<ItemRow, ItemFault>]>?
  /// By id: the index of the element that counts.
  private var places: [ExactText: Int] = [:]

  init(_ elements: [JSONSequence.Element], _ target: LoadTarget) {
    self.elements = elements
    self.target = target
    places.reserveCapacity(elements.count)
  }

  /// Rows of elements that may be put; why others may not goes to the report. Nil at the end.
  mutating func next(_ report: inout StacReport) -> [ItemRow]? {
    guard start < elements.count else { return nil }
    let range = start..<min(start + ItemLoader.most, elements.count)
    start = range.upperBound
    let results = ahead?.value() ?? Self.rows(elements, range, target)
    ahead = nil
    if start < elements.count {
      let following = start..<min(start + ItemLoader.most, elements.count)
      ahead = Ahead { [elements, target] in Self.rows(elements, following, target) }
    }
    var rows: [ItemRow] = []
    rows.reserveCapacity(results.count)
    for (index, result) in zip(range, results) {
      switch result {
      case .failure(let fault): report.failed.append(fault.failure(index))
      case .success(let row):
        if let first = places.updateIfAbsent(ExactText(row.id), index) {
          repeated(row, first, &report)
        } else {
          rows.append(row)
        }
      }
    }
    return rows
  }

  private func repeated(_ row: ItemRow, _ first: Int, _ report: inout StacReport) {
    if case .text(let one) = elements[first], case .text(let other) = elements[row.index], one == other {
      report.unchanged += 1
    } else {
      let message = "element \(first) of the batch has the same id and another content"
      report.failed.append(
        StacReport.Failure(index: row.index, id: row.id, status: .conflict, message: message, pointer: "/id"))
    }
  }

  private static func rows(
    _ elements: [JSONSequence.Element], _ range: Range<Int>, _ target: LoadTarget
  ) -> [Result<ItemRow, ItemFault>] {
    range.map { index in
      do throws(JSONSequence.Fault) {
        return ItemRow.make(try elements[index].document(), index: index, collection: target.collection, target.base)
      } catch {
        return .failure(ItemFault(id: nil, message: error.message, problems: []))
      }
    }
  }
}

extension Dictionary {
  /// The value that was there already; otherwise nil, and `value` is there now.
  fileprivate mutating func updateIfAbsent(_ key: Key, _ value: Value) -> Value? {
    if let present = self[key] { return present }
    self[key] = value
    return nil
  }
}
