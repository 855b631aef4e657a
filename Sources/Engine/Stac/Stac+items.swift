internal import Database
internal import Workflow

extension Stac {
  /// Registers the items of one collection: JSON objects one after another. Every element is tried; see the report.
  ///
  /// A repeat changes nothing. Of two elements with one id the first counts, and the other fails, unless it is the same
  /// byte for byte. Options: none.
  /// - Parameter origin: the attempt that puts them, noted with them; nil leaves no trace.
  /// - Throws: `.noCollection`, `.cancelled`, or what kept all of them from being tried.
  public func putItems(
    _ collection: String, items: [UInt8], options: String? = nil, by origin: Origin? = nil,
    cancel: @escaping @Sendable () -> Bool = { false }
  ) throws(StacError) -> StacReport {
    try StacOptions.none(options, "put_items")
    let target = try attempt(collection) { try Retry.run { try LoadTarget.find(collection, database) } }
    let loader = ItemLoader(database: database, target: target, origin: origin, cancel: cancel)
    var batch = ItemBatch(JSONSequence.split(items), target)
    var report = StacReport()
    try attempt(collection) {
      while let rows = batch.next(&report) { try loader.load(rows[...], &report) }
    }
    report.failed.sort { $0.index < $1.index }
    return report
  }
}
