internal import HandlerABI

/// Collections and items in pgSTAC. Documents pass as they are written, number text and all.
public struct Stac {
  let task: Task

  public enum Partition: String, Sendable {
    case month, year
  }

  init(_ task: Task) {
    self.task = task
  }

  /// Is each document a STAC item, catalog or collection? What is not, is among the report's failures. Changes nothing.
  public func check(_ documents: [JSONText]) throws(HandlerError) -> StacReport {
    try inPieces(documents) { piece throws(HandlerError) in
      try report("check \(documents.count) documents") { pointer, table, out in
        HostBytes.lend(joined(piece)) { table.pointee.check(pointer, $0, nil, out) }
      }
    }
  }

  /// Adds or replaces one collection. `partition` is of a new one, nil leaves it whole.
  @discardableResult
  public func putCollection(_ document: JSONText, partition: Partition? = nil) throws(HandlerError) -> StacReport {
    let options = partition.map { JSONText.object(["partition": JSONText($0.rawValue)]).text }
    return try report("put collection \(document["id"]?.string ?? "")") { pointer, table, out in
      HostBytes.lend(options) { options in
        HostBytes.lend(document.bytes) { table.pointee.put_collection(pointer, $0, options, out) }
      }
    }
  }

  /// Makes the partitions for these times, before the fan-out; adds to those that exist.
  ///
  /// `intervals` is an array of `[datetime, end_datetime]`: an item's or, for each month, `[least, least end]` and
  /// `[greatest, greatest end]`, which is as good.
  public func prepare(_ collection: String, intervals: JSONText) throws(HandlerError) {
    let (pointer, table) = try task.door(.stac, as: weir_stac.self)
    let status = HostBytes.lend(intervals.bytes) { table.pointee.prepare(pointer, collection, $0, nil) }
    try task.require(status, "prepare \(collection)")
  }

  /// Adds or replaces items, each checked first; a repeat changes nothing. What failed stands in the report.
  public func putItems(_ collection: String, _ items: [JSONText]) throws(HandlerError) -> StacReport {
    try inPieces(items) { piece throws(HandlerError) in
      try report("put \(items.count) items into \(collection)") { pointer, table, out in
        HostBytes.lend(joined(piece)) { table.pointee.put_items(pointer, collection, $0, nil, out) }
      }
    }
  }

  public func removeItems(_ collection: String, ids: [String]) throws(HandlerError) -> StacReport {
    try removeItems(collection, .array(ids.map { JSONText($0) }), count: ids.count)
  }

  /// Removes those of the items that are still as `published` showed them.
  public func removeItems(_ collection: String, _ items: [(id: String, writtenBy: Int)]) throws(HandlerError) -> StacReport {
    let list = items.map { JSONText.object(["id": JSONText($0.id), "written_by": JSONText($0.writtenBy)]) }
    return try removeItems(collection, .array(list), count: items.count)
  }

  private func removeItems(_ collection: String, _ list: JSONText, count: Int) throws(HandlerError) -> StacReport {
    try report("remove \(count) items of \(collection)") { pointer, table, out in
      HostBytes.lend(list.bytes) { table.pointee.remove_items(pointer, collection, $0, out) }
    }
  }

  /// Statistics and extent, once, after all items are put. `options` is a JSON object; the host refuses what it does not know.
  public func finish(_ collection: String, options: JSONText? = nil) throws(HandlerError) -> StacReport {
    try report("finish \(collection)") { pointer, table, out in
      HostBytes.lend(options?.text) { table.pointee.finish(pointer, collection, $0, out) }
    }
  }

  private func report(
    _ call: @autoclosure () -> String,
    _ body: (UnsafeMutablePointer<weir_task>, UnsafePointer<weir_stac>, UnsafeMutablePointer<weir_bytes>) -> weir_status
  ) throws(HandlerError) -> StacReport {
    let (pointer, table) = try task.door(.stac, as: weir_stac.self)
    var out = weir_bytes()
    let status = Status(code: body(pointer, table, &out))
    guard status.isOfElements else { throw task.problem(status, call()) }
    let bytes = task.take(&out)
    if bytes.isEmpty { return StacReport(.object([:])) }
    let report: StacReport
    do {
      report = StacReport(try JSONText(validating: bytes))
    } catch {
      throw HandlerError(.failed, "\(call()): the host's report is not JSON: \(error)")
    }
    try task.goOn(report.failures.map(\.status), call())
    return report
  }

  /// Calls `body` with as many documents at a time as the host takes, and puts the reports together.
  private func inPieces(
    _ documents: [JSONText], _ body: (ArraySlice<JSONText>) throws(HandlerError) -> StacReport
  ) throws(HandlerError) -> StacReport {
    var whole = StacReport(.object([:]))
    for piece in Self.pieces(documents.map(\.bytes.count), most: Self.mostBytes) {
      whole.append(try body(documents[piece]), after: piece.lowerBound)
    }
    return whole
  }

  /// Neighbours together while their sizes are at most `most`; what is larger stands alone.
  static func pieces(_ sizes: [Int], most: Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = 0
    var total = 0
    for (index, size) in sizes.enumerated() {
      if index > start, total + size > most {
        pieces.append(start..<index)
        (start, total) = (index, 0)
      }
      total += size
    }
    if start < sizes.count { pieces.append(start..<sizes.count) }
    return pieces
  }

  /// Half of what one call takes.
  private static let mostBytes = 32 << 20

  private func joined(_ documents: ArraySlice<JSONText>) -> ArraySlice<UInt8> {
    var out: [UInt8] = []
    out.reserveCapacity(documents.reduce(0) { $0 + $1.bytes.count + 1 })
    for document in documents {
      out += document.bytes
      out.append(UInt8(ascii: "\n"))
    }
    return out[...]
  }
}

extension Task {
  /// Its calls throw `.denied` if the handler did not declare it or the operator did not grant it.
  public var stac: Stac { Stac(self) }
}
