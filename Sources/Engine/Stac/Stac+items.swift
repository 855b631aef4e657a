internal import Database
internal import Workflow

extension Stac {
  /// Registers the items of one collection: JSON objects one after another. Every element is tried; see the report.
  ///
  /// A repeat changes nothing. Of two elements with one id the first counts, and the other fails, unless it is the same
  /// byte for byte. Options: none.
  /// - Throws: `.noCollection`, `.cancelled`, or what kept all of them from being tried.
  public func putItems(
    _ collection: String, items: [UInt8], options: String? = nil, cancel: @escaping @Sendable () -> Bool = { false }
  ) throws(StacError) -> StacReport {
    try StacOptions.none(options, "put_items")
    let target = try attempt(collection) { try Retry.run { try LoadTarget.find(collection, database) } }
    let loader = ItemLoader(database: database, target: target, cancel: cancel)
    var batch = ItemBatch(JSONSequence.split(items), target)
    var report = StacReport()
    try attempt(collection) {
      while let rows = batch.next(&report) { try loader.load(rows[...], &report) }
    }
    report.failed.sort { $0.index < $1.index }
    return report
  }

  /// Removes items by id: a JSON array of strings. An id that is not there is no failure.
  public func removeItems(_ collection: String, ids: [UInt8]) throws(StacError) -> StacReport {
    var report = StacReport()
    var wanted: [String] = []
    guard let list = try? RawJSON(validating: ids), list.kind == .array else {  // the message below says it all
      throw StacError(.invalid([StacProblem(pointer: "", message: "the ids are no JSON array")]), "remove_items")
    }
    var index = 0
    list.forEachElement { element in
      if let id = element.string {
        wanted.append(id)
      } else {
        report.failed.append(.init(index: index, message: "an id is a string, given is \(element.kind.article)"))
      }
      index += 1
    }
    report.removed = try attempt(collection) {
      _ = try LoadTarget.find(collection, database)
      return try Retry.run {
        try database.transaction {
          try $0.execute(
            """
            DELETE FROM pgstac.items WHERE collection = \(collection) AND id = ANY(\(wanted)::text[])
            """)
        }
      }
    }
    return report
  }
}
