internal import Database
internal import Workflow

extension Stac {
  /// Statistics of every partition, then the collection's extent, once all items are put. Gives the number of items in
  /// the collection and its extent; an empty collection keeps the extent it was registered with.
  ///
  /// Options: `{"catalog": {"theme","container","prefix","source_id"}}`: writes the collection's entry in
  /// `h3.source_catalog` in the same transaction; "container" is where the assets are, the others may be absent or null.
  /// Do not put items of the collection meanwhile: the partitions' CHECKs are drawn tight around what is there.
  /// - Parameter jobID: the job that asks, for the entry.
  public func finish(_ collection: String, options: String? = nil, jobID: Int64? = nil) throws(StacError) -> StacFinish {
    let place = try CatalogPlace(options, jobID: jobID)
    return try attempt(collection) {
      _ = try LoadTarget.find(collection, database)
      let partitions = try database.withConnection {
        try $0.query("SELECT partition FROM pgstac.partition_stats WHERE collection = \(collection) ORDER BY partition")
          .map { try $0.string("partition") }
      }
      for partition in partitions {
        try Retry.run {
          try database.withConnection { _ = try $0.query("SELECT pgstac.update_partition_stats(\(partition)::text, false, true)") }
        }
      }
      return try Retry.run { try database.transaction { try extend(collection, place, $0) } }
    }
  }

  private func extend(_ collection: String, _ place: CatalogPlace?, _ transaction: Transaction) throws -> StacFinish {
    try transaction.execute(
      """
      -- the extent of all partitions
      UPDATE pgstac.collections c SET content = jsonb_set(c.content, '{extent}', e.extent)
      FROM (SELECT pgstac.collection_extent(\(collection)::text, false) AS extent) e
      WHERE c.id = \(collection) AND e.extent IS NOT NULL AND c.content -> 'extent' IS DISTINCT FROM e.extent
      """)
    let row = try transaction.query(
      """
      -- the collection as it is now
      SELECT (SELECT count(*) FROM pgstac.items WHERE collection = \(collection)) AS items, content
      FROM pgstac.collections WHERE id = \(collection)
      """
    ).one()
    let content = RawJSON(unchecked: try row.text("content")[...])
    let finish = StacFinish(items: try row.int("items"), extent: content.member("extent") ?? .null)
    if let place {
      try SourceCatalog(database: database).put(place.entry(collection, content, finish), in: transaction)
    }
    return finish
  }
}
