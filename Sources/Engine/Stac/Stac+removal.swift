internal import Database
internal import Workflow

extension Stac {
  /// Removes items by id: a JSON array of ids, or of `{"id","written_by"}` for an item that goes only if it is still as that
  /// registration put it. An id that is not there is no failure.
  public func removeItems(_ collection: String, ids: [UInt8]) throws(StacError) -> StacReport {
    var report = StacReport()
    let wanted = try Self.wanted(ids, &report)
    guard !wanted.isEmpty else { return report }
    report.removed = try attempt(collection) {
      let target = try LoadTarget.find(collection, database)
      return try Retry.run { try database.transaction { try remove(wanted, target, $0) } }
    }
    return report
  }

  private typealias Wanted = (id: String, writtenBy: Int?)

  private static func wanted(_ ids: [UInt8], _ report: inout StacReport) throws(StacError) -> [Wanted] {
    guard let list = try? RawJSON(validating: ids), list.kind == .array else {  // the message below says it all
      throw StacError(.invalid([StacProblem(pointer: "", message: "the ids are no JSON array")]), "remove_items")
    }
    var wanted: [Wanted] = []
    var failed: [StacReport.Failure] = []
    var index = 0
    list.forEachElement { element in
      if let id = element.string {
        wanted.append((id, nil))
      } else if let id = element.member("id")?.string, let writtenBy = element.member("written_by")?.int {
        wanted.append((id, writtenBy))
      } else {
        failed.append(
          .init(index: index, message: "an id is a string, or an object with \"id\" and \"written_by\"; given is \(element.kind.article)"))
      }
      index += 1
    }
    report.failed = failed
    return wanted
  }

  /// From the collection's own table: a statement on `items` would have the statistics of whole partitions taken anew, each time.
  private func remove(_ wanted: [Wanted], _ target: LoadTarget, _ transaction: Transaction) throws -> Int {
    let table: SQL = "pgstac.\(identifier: "_items_\(target.key)")"
    guard try transaction.query("SELECT to_regclass(\("pgstac._items_\(target.key)")::text) IS NOT NULL").one().bool(0) else { return 0 }
    let ids = wanted.map(\.id)
    try transaction.execute(
      "DELETE FROM pgstac.format_item_cache WHERE collection = \(target.collection) AND id = ANY(\(ids)::text[])")
    return try transaction.execute(
      """
      -- remove items that are as they are thought to be
      DELETE FROM \(raw: table) i
      USING unnest(\(ids)::text[], \(wanted.map { $0.writtenBy ?? -1 })::bigint[]) AS w (id, written_by)
      WHERE i.id = w.id AND (w.written_by = -1 OR (i.private ->> 'weir')::bigint = w.written_by)
      """)
  }
}
