internal import Glibc
internal import Workflow

/// One item, ready for pgSTAC's table.
struct ItemRow: Sendable {
  /// Its place in the batch.
  let index: Int
  let id: String
  let from: StacTime
  let to: StacTime
  /// EWKB.
  let geometry: [UInt8]
  /// The dehydrated item.
  let content: [UInt8]

  /// Checks an item and makes its row; the problems if it cannot be registered.
  static func make(
    _ document: RawJSON, index: Int, collection: String, _ base: BaseItem
  ) -> Result<ItemRow, ItemFault> {
    var check = DocumentCheck()
    let parts = check.item(document)
    if let type = parts.type {
      let isItem = type.bytes.elementsEqual("\"Feature\"".utf8)
      if !isItem { check.report(at: "type", "is \(type.text.prefix(40)), only items (\"Feature\") are registered so") }
    } else {
      check.missing("type")
    }
    if let given = parts.collection?.string, given != collection {
      check.report(at: "collection", "is \"\(given)\", the items are put into \"\(collection)\"")
    }
    var binary: [UInt8]?
    if let geometry = parts.geometry {
      if geometry.isNull { check.report(at: "geometry", "is null; pgSTAC keeps no item without one") }
      if !geometry.isNull { binary = check.binary(geometry) }
    }
    if document.holdsNUL { check.report("holds the character U+0000, which PostgreSQL cannot keep") }
    guard check.problems.isEmpty, let id = parts.id?.string, let binary, let interval = parts.interval else {
      return .failure(ItemFault(check, document))
    }
    var content: [UInt8] = []
    content.reserveCapacity(document.bytes.count)
    base.write(parts, to: &content)
    return .success(ItemRow(index: index, id: id, from: interval.from, to: interval.to, geometry: binary, content: content))
  }
}

/// Why an element got no row.
struct ItemFault: Error {
  let id: String?
  /// What is wrong with it as a whole; nil where the problems say.
  let message: String?
  let problems: [StacProblem]

  init(id: String?, message: String?, problems: [StacProblem]) {
    self.id = id
    self.message = message
    self.problems = problems
  }

  init(_ check: DocumentCheck, _ document: RawJSON) {
    self.init(id: document.member("id")?.string, message: nil, problems: check.problems)
  }

  func failure(_ index: Int) -> StacReport.Failure {
    message.map { .init(index: index, message: $0) } ?? .init(index: index, id: id, problems: problems)
  }
}

extension RawJSON {
  /// Whether the escape of U+0000 stands in it.
  fileprivate var holdsNUL: Bool {
    bytes.withUnsafeBytes { text in
      var rest = text[...]
      while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, let found = memchr(base, 0x5C, rest.count) {
        let at = rest.startIndex + (UnsafeRawPointer(found) - base)
        guard at + 5 < rest.endIndex else { return false }
        if text[at + 1] == 0x75, text[at + 2...at + 5].allSatisfy({ $0 == 0x30 }) { return true }
        rest = text[(at + 2)...]
      }
      return false
    }
  }
}
