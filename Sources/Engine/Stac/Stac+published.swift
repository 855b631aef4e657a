internal import Database
public import Workflow

extension Stac {
  /// What stands registered, page by page. Options: `{"what","after","limit"}`; "after" is the "next" of the page before.
  ///
  /// | what | page |
  /// |---|---|
  /// | summary | `{"collection": {"id","by_weir"} or null, "items": n, "catalog_entries": [source ids]}` |
  /// | items | `{"items": [{"id","written_by"}], "next"}`: in order of id; "written_by" null: put by others |
  /// | others | `{"items": [{"id","hrefs"}], "next"}`: those that others put |
  /// | left | `{"items": [{"id","written_by"}], "seen": n, "next"}`: of the items that Weir put, those that this job did not |
  /// | objects | `{"objects": [{"container","key","etag","since","size","shared_with"}], "next"}`: see `ObjectPage` |
  ///
  /// - Parameter jobID: the job that asks.
  public func published(_ collection: String, options: String? = nil, jobID: Int64) throws(StacError) -> JSON {
    let members = try StacOptions.members(options, "published", known: ["what", "after", "limit"])
    let limit = min(max(members["limit"]?.int ?? 1_000, 1), 10_000)
    let after = members["after"]?.string
    switch members["what"]?.string {
    case "summary": return try attempt(collection) { try summary(of: collection) }
    case "items": return try attempt(collection) { try items(of: collection, "true", after, limit, Self.item) }
    case "others": return try attempt(collection) { try items(of: collection, "private ->> 'weir' IS NULL", after, limit, Self.other) }
    case "left": return try attempt(collection) { try left(of: collection, after, limit, job: jobID) }
    case "objects":
      return try attempt(collection) { try ObjectPage(collection, after: after.flatMap { Int64($0) } ?? 0, in: database).json }
    default:
      let message = "must be \"summary\", \"items\", \"others\", \"left\" or \"objects\""
      throw StacError(.invalid([StacProblem(pointer: "/what", message: message)]), "published")
    }
  }

  private func summary(of collection: String) throws -> JSON {
    try database.transaction { tx in
      let there = try tx.query("SELECT private ->> 'weir' IS NOT NULL FROM pgstac.collections WHERE id = \(collection)").first
      let entries = try tx.query("SELECT source_id FROM h3.source_catalog WHERE collection_id = \(collection) ORDER BY 1")
      return [
        "collection": try there.map { ["id": .string(collection), "by_weir": .bool(try $0.bool(0))] } ?? .null,
        "items": JSON(try tx.query("SELECT count(*) FROM pgstac.items WHERE collection = \(collection)").one().int(0)),
        "catalog_entries": .array(try entries.map { .string(try $0.string(0)) }),
      ]
    }
  }

  private func items(
    of collection: String, _ condition: SQL, _ after: String?, _ limit: Int, _ json: (Row) throws -> JSON
  ) throws -> JSON {
    let rows = try rows(of: collection, condition, after, limit)
    let next = rows.count == limit ? try rows.last?.string("id") : nil
    return ["items": .array(try rows.map(json)), "next": next.map(JSON.string) ?? .null]
  }

  private func rows(of collection: String, _ condition: SQL, _ after: String?, _ limit: Int) throws -> [Row] {
    try database.withConnection { connection in
      try connection.query(
        """
        SELECT id, (private ->> 'weir')::bigint AS written_by, content -> 'assets' AS assets
        FROM pgstac.items WHERE collection = \(collection) AND id > \(after ?? "") AND \(raw: condition) ORDER BY id LIMIT \(limit)
        """
      ).map { $0 }
    }
  }

  private static func item(_ row: Row) throws -> JSON {
    ["id": .string(try row.string("id")), "written_by": try row.intOrNil("written_by").map { JSON($0) } ?? .null]
  }

  private static func other(_ row: Row) throws -> JSON {
    var hrefs: [JSON] = []
    try row.textOrNil("assets").map { RawJSON(unchecked: $0[...]) }?.forEachMember { _, asset in
      if let href = asset.member("href")?.string { hrefs.append(.string(href)) }
    }
    return ["id": .string(try row.string("id")), "hrefs": .array(hrefs)]
  }

  private func left(of collection: String, _ after: String?, _ limit: Int, job: Int64) throws -> JSON {
    let rows = try rows(of: collection, "private ->> 'weir' IS NOT NULL", after, limit)
    let ids = try rows.map { try $0.string("id") }
    let sorted = ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard let first = sorted.first, let last = sorted.last else { return ["items": [], "seen": 0, "next": .null] }
    let current = try database.withConnection { connection in
      try connection.query(
        """
        -- which of these items the job has registered, changed or not
        SELECT k.id FROM app.registrations r, LATERAL unnest(r.ids) AS u (id), unnest(\(ids)::text[]) AS k (id)
        WHERE r.job_id = \(job) AND r.collection = \(collection) AND r.first_id <= \(last) AND r.last_id >= \(first) AND u.id = k.id
        """
      ).map { ExactText(try $0.string(0)) }
    }
    let known = Set(current)
    let missing = zip(rows, ids).filter { !known.contains(ExactText($0.1)) }
    return [
      "items": .array(try missing.map { try Self.item($0.0) }), "seen": JSON(rows.count),
      "next": rows.count == limit ? .string(ids[ids.count - 1]) : .null,
    ]
  }
}
