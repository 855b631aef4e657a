internal import Database
internal import Workflow

extension Stac {
  /// Registers a collection, or brings it up to date. Options: `{"partition": "month" | "year" | null}`, which counts for
  /// a new collection only; for one that is there and divided otherwise the report has a warning.
  /// - Parameter origin: the attempt that puts it. Of a collection that is new it is noted: only such a one is ever taken back.
  /// - Throws: `.invalid` with what is wrong with the document.
  public func putCollection(
    _ document: [UInt8], options: String? = nil, by origin: Origin? = nil
  ) throws(StacError) -> StacReport {
    let width = try StacOptions.partition(options)
    let raw = try Self.collection(document)
    let id = raw.member("id")?.string ?? ""
    return try attempt(id) {
      let row = try Retry.run {
        try database.transaction { transaction in
          let mark = try origin.map { "{\"weir\": \(try register(id, $0, transaction))}" }
          return try transaction.query(
            """
            -- register a collection
            WITH present AS (SELECT partition_trunc FROM pgstac.collections WHERE id = \(id)),
            put AS (INSERT INTO pgstac.collections AS old (content, partition_trunc, private)
                VALUES (\(text: raw.bytes)::jsonb, \(width == StacPartition.none ? nil : width?.rawValue), \(mark)::jsonb)
                ON CONFLICT (id) DO UPDATE SET content = EXCLUDED.content WHERE old.content IS DISTINCT FROM EXCLUDED.content
                RETURNING 1)
            SELECT EXISTS (SELECT FROM put) AS is_written, EXISTS (SELECT FROM present) AS is_old,
                (SELECT partition_trunc FROM present) AS width
            """
          ).one()
        }
      }
      var report = StacReport()
      if try row.bool("is_written") { report.written = 1 } else { report.unchanged = 1 }
      let present = try row.stringOrNil("width") ?? "none"
      if let width, try row.bool("is_old"), present != width.rawValue {
        report.warnings.append(
          "collection \"\(id)\" is there and partitioned by \(present), not by \(width.rawValue): that stays as it is")
      }
      return report
    }
  }

  private func register(_ collection: String, _ origin: Origin, _ transaction: Transaction) throws -> Int {
    try transaction.query(
      """
      -- note who puts this collection
      INSERT INTO app.registrations (collection, ids, \(raw: Origin.columns))
      SELECT \(collection)::text, '{}', \(raw: origin.values) RETURNING id
      """
    ).one().int("id")
  }

  private static func collection(_ document: [UInt8]) throws(StacError) -> RawJSON {
    let raw: RawJSON
    do throws(JSONSyntaxError) { raw = try RawJSON(validating: document) } catch {
      let message = "is no JSON: line \(error.line), column \(error.column): \(error.message)"
      throw StacError(.invalid([StacProblem(pointer: "", message: message)]), "collection")
    }
    let problems = StacDocument.problems(in: raw)
    guard problems.isEmpty else { throw StacError(.invalid(problems), "collection") }
    guard raw.member("type")?.string == StacDocument.collection.rawValue else {
      throw StacError(.invalid([StacProblem(pointer: "/type", message: "is not \"Collection\"")]), "collection")
    }
    return raw
  }

  /// Makes the partitions for the given times, or widens them: afterwards items of these times need no lock.
  ///
  /// `intervals`: a JSON array of `[datetime, end_datetime]`, an end of null being the start. Options: none.
  public func prepare(_ collection: String, intervals: [UInt8], options: String? = nil) throws(StacError) {
    try StacOptions.none(options, "prepare")
    let times = try Self.times(intervals, collection)
    try attempt(collection) {
      let target = try LoadTarget.find(collection, database)
      _ = try Partitions(collection: collection).ensure(PartitionRange.grouped(times, target.width), database)
    }
  }

  private static func times(_ intervals: [UInt8], _ subject: String) throws(StacError) -> [(from: StacTime, to: StacTime)] {
    var check = DocumentCheck()
    var times: [(from: StacTime, to: StacTime)] = []
    if let list = try? RawJSON(validating: intervals), list.kind == .array {  // reported below
      var index = 0
      list.forEachElement { interval in
        check.inside(String(index)) { check in
          let from = interval.element(0).flatMap { check.time($0, "0") }
          let end = interval.element(1).flatMap { $0.isNull ? from : check.time($0, "1") }
          guard interval.elementCount == 2 else { return check.report("expected is [datetime, end_datetime]") }
          guard let from, let end else { return }
          if from > end { check.report("begins after its end") } else { times.append((from, end)) }
        }
        index += 1
      }
    } else {
      check.report("the intervals are no JSON array")
    }
    guard check.problems.isEmpty else { throw StacError(.invalid(check.problems), "intervals of \"\(subject)\"") }
    return times
  }
}
