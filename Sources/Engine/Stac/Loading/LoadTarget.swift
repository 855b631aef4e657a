internal import Database
internal import Workflow

/// The collection that items are put into, as it is when the call begins.
struct LoadTarget: Sendable {
  let collection: String
  let key: Int
  let width: StacPartition
  let base: BaseItem

  /// - Throws: `StacError.noCollection`, `DatabaseError`.
  static func find(_ collection: String, _ database: Database) throws -> LoadTarget {
    let rows = try database.withConnection {
      try $0.query(
        """
        -- the collection that items are put into
        SELECT c.key, c.partition_trunc, b.base_item_id, b.base_item
        FROM pgstac.collections c, LATERAL pgstac.current_base_item(c.id) b WHERE c.id = \(collection)
        """)
    }
    guard let row = rows.first else { throw StacError(.noCollection, collection) }
    let base = RawJSON(unchecked: try row.text("base_item")[...]).parsed()
    return LoadTarget(
      collection: collection, key: try row.int("key"),
      width: try row.stringOrNil("partition_trunc").flatMap(StacPartition.init(rawValue:)) ?? .none,
      base: BaseItem(base, version: try row.intOrNil("base_item_id")))
  }
}
