import Database
import Engine
import Foundation
import Logging
import Runners
import Runtime
import Storage
import Synchronization
import Workflow

/// A durable PostgreSQL of its own, a host with the real plugin, and the polygons in its container.
final class LoadPlace {
  private let folder: String
  private let package: String
  private let cluster: Cluster
  private let database: Database
  private let registry: Database
  private let engine: Engine
  private let runtime: HostRuntime
  private let guest: GuestConfiguration
  private static let layer = "WDPA_WDOECM_poly_Nov2026_all"

  init(polygons: Int) throws {
    package = try Self.package(polygons)
    folder = NSTemporaryDirectory() + "weir-bench-load-\(getpid())"
    let incoming = "\(folder)/curated/areas/incoming"
    try FileManager.default.createDirectory(atPath: incoming, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: package, toPath: "\(incoming)/wdpa.gpkg")
    let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    cluster = Cluster(folder: "\(folder)/weir", configuration: ClusterConfiguration(logger: logger))
    try cluster.start()
    let url = cluster.url(database: "weir") ?? ""
    database = Database(DatabaseConfiguration(url: url, settings: Engine.settings, logger: logger))
    registry = Database(DatabaseConfiguration(url: url, settings: Stac.settings, logger: logger))
    try Installation(database).install()
    try GuestRole.geo.ensure(in: database)
    guest = GuestConfiguration(name: "geo", url: cluster.url(database: "weir", user: GuestRole.geo.name) ?? "", logger: logger)
    engine = Engine(database: database, curated: guest)
    let workflow = try Self.manifest("workflows/curated_dataset_update.json")
    try engine.catalog.put(WorkflowDefinition.load(bytes: Array(workflow.utf8), file: "curated_dataset_update.json").get(), text: workflow)
    let dataset = try DatasetDefinition.load(bytes: Array(Self.dataset.utf8), file: "areas.json").get()
    _ = try engine.datasets.create(dataset, by: .system)
    let programs = RunnerConfiguration.programFolder()
    let runners = try RunnerConfiguration(hostVersion: "1.0.0", environment: ProcessInfo.processInfo.environment)
    let plugin = try PluginLoader(runners: runners, pluginPath: programs, program: "\(programs)/weir-bench-load")
      .load(Array(try Self.manifest("plugins/curated.json").utf8), file: "\(programs)/curated.json")
    runtime = try HostRuntime(
      HostRuntime.Parts(
        engine: engine, stac: Stac(database: registry), plugins: [plugin], containers: try Containers(["*": "file://\(folder)/*"]),
        databases: [guest], runners: runners, slots: 2, version: "1.0.0", logger: logger)
    ) { exit(75) }
  }

  func remove() {
    runtime.stop()
    database.close()
    registry.close()
    try? cluster.remove()  // what stays lies in the system's temporary folder
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static let dataset = """
    {"dataset_id": "areas", "name": "Areas", "source_type": "manual", "update_strategy": "full_replace", "target_table_name": "curated_areas",
     "source_config": {"version": {"by": "content"}, "layers": ["\(layer)"], "key": ["site_pid"], "required": ["name"], "rows": {"change": "10%"}},
     "keep_versions": 1}
    """

  private static func manifest(_ path: String) throws -> String { try String(contentsOfFile: "manifests/\(path)", encoding: .utf8) }

  /// Made once, and kept.
  private static func package(_ polygons: Int) throws -> String {
    let folder = ".build/bench/wdpa-\(polygons)"
    let path = "\(folder)/wdpa.gpkg"
    if !FileManager.default.fileExists(atPath: "\(folder)/made") {
      FileHandle.standardError.write(Data("making \(polygons) polygons\n".utf8))
      _ = try run(["/usr/bin/python3", "Benchmarks/Loading/wdpa.py", folder, "gpkg", "--polygons", "\(polygons)", "--points", "0"])
      _ = FileManager.default.createFile(atPath: "\(folder)/made", contents: nil)
    }
    return path
  }

  /// Seconds of one ogr2ogr into a table of its own.
  func ogr(_ way: OgrWay) throws -> Double {
    let url = cluster.url(database: "weir", user: GuestRole.geo.name) ?? ""
    let seconds = try Self.run(
      [
        "/usr/bin/ogr2ogr", "-q", "-f", "PostgreSQL", "PG:\(url)", package, Self.layer, "-nln", "geo.by_ogr", "-nlt", "MULTIPOLYGON",
        "-lco",
        "GEOMETRY_NAME=geom", "-gt", "65536", "-overwrite",
      ] + way.options, environment: ["PG_USE_COPY": "YES"])
    try database.withConnection { _ = try $0.execute("DROP TABLE IF EXISTS geo.by_ogr") }
    return seconds
  }

  /// One update, with a reader beside it.
  func weir() throws -> LoadTrial {
    let watch = LoadWatch(guest)
    watch.start()
    let job = try engine.datasets.update("areas", force: true, by: .system).jobID
    runtime.poke()
    while try !engine.views.job(job).state.isFinal { usleep(20_000) }
    try engine.datasets.settle()
    let (memory, longest) = watch.end()
    let view = try engine.views.job(job)
    let stage = view.stages.first { $0.id == "etl_process" }
    guard view.state == .completed, let load = stage?.result?.parsed()["load_seconds"]?.doubleValue else {
      throw BenchFailure(what: "the update ended as \(view.state)")
    }
    let whole = try database.withConnection { connection in
      try connection.query(
        """
        SELECT extract(epoch FROM max(a.finished_at) - min(a.claimed_at))::float8
        FROM stages s JOIN attempts a ON a.stage_id = s.id WHERE s.job_id = \(job) AND s.name = 'etl_process'
        """
      ).one().double(0)
    }
    return LoadTrial(load: load, whole: whole, memoryMiB: memory, longestRead: longest)
  }

  @discardableResult
  private static func run(_ command: [String], environment: [String: String] = [:]) throws -> Double {
    let process = Process()
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    let start = ContinuousClock.now
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw BenchFailure(what: "\(command[0]) ended with \(process.terminationStatus)") }
    return (ContinuousClock.now - start) / .seconds(1)
  }
}

/// Why the benchmark cannot say anything.
struct BenchFailure: Error, CustomStringConvertible {
  let what: String
  var description: String { what }
}
