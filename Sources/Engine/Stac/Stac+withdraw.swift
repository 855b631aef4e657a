internal import Database
public import Workflow

extension Stac {
  /// Ends what taking back began: removes the collection if nothing is left in it and Weir made it, and its entries in
  /// `h3.source_catalog`. A repeat finds nothing to do and says so.
  ///
  /// Options: `{"forget": true}` when no object was left behind: then what was known of the collection's objects goes too, some
  /// rows a transaction. Which job registered which item stays known.
  /// Gives `{"collection": removed?, "catalog_entries": n, "items_left": n}`.
  /// - Parameter jobID: the job that asks, for the audit.
  public func withdraw(_ collection: String, options: String? = nil, jobID: Int64) throws(StacError) -> JSON {
    let members = try StacOptions.members(options, "withdraw", known: ["forget"])
    return try attempt(collection) {
      let report = try Retry.run { try database.transaction { try withdraw(collection, job: jobID, $0) } }
      if members["forget"]?.bool == true { while try forget(collection) > 0 {} }
      return report
    }
  }

  private func withdraw(_ collection: String, job: Int64, _ tx: Transaction) throws -> JSON {
    let there = try tx.query("SELECT private ->> 'weir' IS NOT NULL FROM pgstac.collections WHERE id = \(collection) FOR UPDATE").first
    let left = try tx.query("SELECT count(*) FROM pgstac.items WHERE collection = \(collection)").one().int(0)
    let isRemoved = try left == 0 && there?.bool(0) == true
    if isRemoved { _ = try tx.query("SELECT pgstac.delete_collection(\(collection)::text)") }
    let entries = try tx.execute("DELETE FROM h3.source_catalog WHERE collection_id = \(collection)")
    let report: JSON = ["collection": .bool(isRemoved), "catalog_entries": JSON(entries), "items_left": JSON(left)]
    if isRemoved || entries > 0 {
      try Audit.record(
        Actor(name: "job \(job)", role: .admin, via: .system), "collection.withdraw", subject: "collection/\(collection)", details: report,
        in: tx)
    }
    return report
  }

  private func forget(_ collection: String) throws -> Int {
    try database.withConnection { connection in
      try connection.execute(
        """
        DELETE FROM app.object_writes WHERE id = ANY(ARRAY(
            SELECT id FROM app.object_writes WHERE collection = \(collection) ORDER BY id LIMIT 100))
        """)
    }
  }
}
