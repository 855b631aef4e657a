import Database
import Engine
import Foundation

/// The ways side by side, each into an empty place of its own.
struct Race {
  private let database: Database
  private let stac: Stac
  private let url: String
  private let pypgstac: String?
  private let count: Int
  private let lines: [UInt8]
  private let items = GridItems(collection: "weir_bench")
  private let file = NSTemporaryDirectory() + "weir_bench.ndjson"

  init(url: String, pypgstac: String?, count: Int) throws {
    self.url = url
    self.pypgstac = pypgstac
    self.count = count
    database = Database(DatabaseConfiguration(url: url, settings: Stac.settings))
    stac = Stac(database: database)
    lines = items.lines(count)
    try Data(lines).write(to: URL(fileURLWithPath: file))
  }

  func round() throws -> [(String, Double)] {
    var times = [
      ("weir", try weir(by: Self.origin)), ("weir without provenance", try weir(by: nil)), ("raw jsonb COPY", try raw()),
    ]
    if let pypgstac { times.append(("pypgstac upsert", try load(by: pypgstac))) }
    return times
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return Double((ContinuousClock.now - start).components.attoseconds) / 1e18
      + Double((ContinuousClock.now - start).components.seconds)
  }

  private func renew() throws {
    try database.withConnection { connection in
      _ = try connection.query("SELECT pgstac.delete_collection(id) FROM pgstac.collections WHERE id = \(items.collection)")
      try connection.executeScript("CHECKPOINT")
    }
    _ = try stac.putCollection(Array(items.document.utf8))
  }

  private func check() throws {
    let found = try database.withConnection {
      try $0.query("SELECT count(*) AS n FROM pgstac.items WHERE collection = \(items.collection)").one().int("n")
    }
    guard found == count else { throw Lost(found: found, wanted: count) }
  }

  /// An attempt as a host would name it.
  private static let origin = Origin(
    jobID: 1_234_567, stage: "register_items", n: 17, attempt: 1, handler: "ingest.register_items", handlerVersion: "1.0.0",
    plugin: "ingest", pluginVersion: "1.0.0", libraryHash: String(repeating: "0123456789abcdef", count: 4))

  private func weir(by origin: Origin?) throws -> Double {
    try renew()
    let years = (0..<20).map { "[\"\(2020 - $0)-01-01T00:00:00Z\",\"\(2020 - $0)-12-31T23:59:59Z\"]" }
    let time = try seconds {
      try stac.prepare(items.collection, intervals: Array("[\(years.joined(separator: ","))]".utf8))
      _ = try stac.putItems(items.collection, items: lines, by: origin)
      _ = try stac.finish(items.collection)
    }
    try check()
    return time
  }

  private func raw() throws -> Double {
    try database.withConnection { connection in
      try connection.executeScript(
        "DROP TABLE IF EXISTS public.weir_bench; CREATE TABLE public.weir_bench (content jsonb); CHECKPOINT")
      let copy: SQL = "COPY public.weir_bench FROM STDIN (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
      let time = try seconds { _ = try connection.copyIn(copy) { writer in try writer.write(lines) } }
      try connection.executeScript("DROP TABLE public.weir_bench")
      return time
    }
  }

  private func load(by program: String) throws -> Double {
    try renew()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["load", "items", file, "--method", "upsert", "--dsn", url]
    process.standardOutput = FileHandle.nullDevice
    let time = try seconds {
      try process.run()
      process.waitUntilExit()
    }
    try check()
    return time
  }
}

/// Items that did not arrive.
struct Lost: Error {
  let found: Int
  let wanted: Int
}
