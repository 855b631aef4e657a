import Engine
import Storage

// What is copied for a STAC collection is noted, so that it can be taken back: before the first byte, and when it is done.
extension StorageService {
  typealias LedgerEntry = (container: String, entry: ObjectLedger.Entry)

  /// Without a database, as in `weir run`, nothing is noted.
  func begin(_ elements: [TransferElement], for collection: String, _ call: StorageCall) throws -> [LedgerEntry] {
    guard let ledger, let origin = call.origin else { return [] }
    let byContainer = Dictionary(grouping: elements.filter { $0.toContainer != nil }) { $0.toContainer ?? "" }
    return try byContainer.sorted { $0.key < $1.key }.map { container, elements in
      // a grant or name that is wrong is said before anything is noted
      _ = try call.store(container, .target)
      return (container, try ledger.begin(elements.map(\.toKey), collection: collection, container: container, by: origin))
    }
  }

  func end(_ entries: [LedgerEntry], _ report: TransferReport, _ elements: [TransferElement]) throws {
    guard let ledger else { return }
    for (container, entry) in entries {
      var placed: [ObjectLedger.Placed] = []
      for (index, element) in elements.enumerated() where element.toContainer == container {
        guard let head = report.heads[index] else { continue }
        placed.append(.init(key: element.toKey, etag: report.isWritten[index] ? head.etag : nil, size: Int(head.size)))
      }
      try ledger.end(entry, placed)
    }
  }
}
