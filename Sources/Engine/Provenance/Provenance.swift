import Database
public import Workflow

/// The way from a registered item back to the attempt that put it, and from a job forward to what it registered and wrote.
public final class Provenance: Sendable {
  let database: Database
  let jobs: Jobs

  init(database: Database, jobs: Jobs) {
    self.database = database
    self.jobs = jobs
  }

  /// Elements of one row at most, and so the factor between a row's number and an element's cursor.
  private static let most: Int64 = 1_024

  /// Who put an item: `{"collection","item","job_id","task_id",...,"library_hash","registered_at","job_state","assets"}`.
  ///
  /// "job_state" is null when the job is gone: what is known of the attempt stays. A repeat that changed nothing is not told.
  /// - Throws: `.noCollection`, `.noItem`, `.noProvenance` for an item that others than Weir put.
  public func item(_ id: String, in collection: String) throws -> JSON {
    try database.transaction(access: .readOnly) { tx in
      let rows = try tx.query(
        """
        SELECT r.id AS registration, \(raw: Views.time("r.registered_at")) AS registered_at, r.job_id, r.stage, r.n, r.attempt, r.handler,
            r.handler_version, r.plugin, r.plugin_version, r.library_hash, i.content -> 'assets' AS assets,
            (SELECT state FROM app.jobs j WHERE j.id = r.job_id) AS job_state
        FROM pgstac.items i LEFT JOIN app.registrations r ON r.id = (i.private ->> 'weir')::bigint
        WHERE i.collection = \(collection) AND i.id = \(id)
        """)
      guard let row = rows.first else {
        let known = try tx.query("SELECT EXISTS (SELECT FROM pgstac.collections WHERE id = \(collection))").one().bool(0)
        throw known ? EngineError(.noItem(collection: collection), subject: id) : EngineError(.noCollection, subject: collection)
      }
      guard !row.isNull("registration") else { throw EngineError(.noProvenance(collection: collection), subject: id) }
      let assets = try row.textOrNil("assets").map { RawJSON(unchecked: $0[...]) }
      return .object(
        JSONObject(
          [("collection", .string(collection)), ("item", .string(id))] + (try Origin(row)).members + [
            ("registered_at", .string(try row.string("registered_at"))),
            ("job_state", try row.stringOrNil("job_state").map(JSON.string) ?? .null), ("assets", Self.list(assets)),
          ]))
    }
  }

  private static func list(_ assets: RawJSON?) -> JSON {
    var list: [JSON] = []
    assets?.forEachMember { name, asset in
      list.append(["name": .string(name), "href": asset.member("href")?.string.map(JSON.string) ?? .null])
    }
    return .array(list)
  }

  /// The items that a job registered, changed or not, in the order in which it did: `{"collection","item",...,"registered_at"}`.
  /// - Parameter after: "next" of the page before.
  /// - Throws: `.noJob` when neither the job nor anything that it registered is there.
  public func registered(by job: Int64, after: Int64 = 0, limit: Int = 100) throws -> Page<JSON> {
    try page(of: job, after: after, limit: limit) { row, n in
      """
      SELECT r.id, u.place, r.collection, u.item, \(raw: Views.time("r.registered_at")) AS registered_at, r.job_id, r.stage, r.n, r.attempt,
          r.handler, r.handler_version, r.plugin, r.plugin_version, r.library_hash
      FROM app.registrations r, LATERAL unnest(r.ids) WITH ORDINALITY AS u (item, place)
      WHERE r.job_id = \(job) AND r.id >= \(row) AND (r.id > \(row) OR u.place > \(n))
      ORDER BY r.id, u.place LIMIT \(limit + 1)
      """
    } json: { row in
      .object(
        JSONObject(
          [("collection", .string(try row.string("collection"))), ("item", .string(try row.string("item")))]
            + (try Origin(row)).members + [("registered_at", .string(try row.string("registered_at")))]))
    }
  }

  /// The objects that a job wrote for collections: `{"collection","container","key","size",...,"written_at"}`.
  /// - Parameter after: "next" of the page before.
  /// - Throws: as `registered`.
  public func objects(of job: Int64, after: Int64 = 0, limit: Int = 100) throws -> Page<JSON> {
    try page(of: job, after: after, limit: limit) { row, n in
      """
      SELECT w.id, u.place, w.collection, w.container, u.key, u.size, \(raw: Views.time("w.began_at")) AS written_at, w.job_id, w.stage, w.n,
          w.attempt, w.handler, w.handler_version, w.plugin, w.plugin_version, w.library_hash
      FROM app.object_writes w, LATERAL unnest(w.keys, w.etags, w.sizes) WITH ORDINALITY AS u (key, etag, size, place)
      WHERE w.job_id = \(job) AND w.id >= \(row) AND (w.id > \(row) OR u.place > \(n)) AND u.etag IS NOT NULL
      ORDER BY w.id, u.place LIMIT \(limit + 1)
      """
    } json: { row in
      .object(
        JSONObject(
          [
            ("collection", .string(try row.string("collection"))), ("container", .string(try row.string("container"))),
            ("key", .string(try row.string("key"))), ("size", JSON(try row.int("size"))),
          ] + (try Origin(row)).members + [("written_at", .string(try row.string("written_at")))]))
    }
  }

  private func page(
    of job: Int64, after: Int64, limit: Int, _ sql: (Int64, Int64) -> SQL, json: (Row) throws -> JSON
  ) throws -> Page<JSON> {
    try database.transaction(access: .readOnly) { tx in
      var rows = try tx.query(sql(after / Self.most, after % Self.most)).map { $0 }
      if rows.isEmpty {
        let known = try tx.query(
          """
          SELECT EXISTS (SELECT FROM app.jobs WHERE id = \(job)) OR EXISTS (SELECT FROM app.registrations WHERE job_id = \(job))
              OR EXISTS (SELECT FROM app.object_writes WHERE job_id = \(job))
          """
        ).one().bool(0)
        guard known else { throw EngineError(.noJob, subject: "\(job)") }
      }
      let hasMore = rows.count > limit
      if hasMore { rows.removeLast() }
      let next = hasMore ? try rows.last.map { "\(Int64(try $0.int("id")) * Self.most + Int64(try $0.int("place")))" } : nil
      return Page(elements: try rows.map(json), next: next)
    }
  }
}
