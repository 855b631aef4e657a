import Database
import Engine
import Glibc
import Logging
import Runners
import Runtime
import Storage
import Synchronization
import TestSupport
import Workflow

extension TestTemplate {
  /// A database with Weir's own tables.
  static let engine = TestTemplate("engine") { database in
    _ = try Migrator(database, migrations: Installation.migrations).migrate()
  }

  /// The same with PostGIS.
  static let engineWithMaps = TestTemplate("engine_with_maps") { database in
    _ = try Migrator(database, migrations: Installation.migrations).migrate()
    try database.withConnection { try $0.executeScript("CREATE EXTENSION postgis SCHEMA public") }
  }
}

/// A database, containers `bronze` and `silver`, the plugins that are built beside the tests, and hosts on them.
final class House: Sendable {
  let own: TestDatabase
  let engine: Engine
  /// The role that owns curated tables; nil without maps.
  let curated: GuestConfiguration?
  let workshop: Workshop
  private let logger: Logger
  private let ended = Mutex<[Int64]>([])

  init(
    lease: Duration = .seconds(30), grace: Duration = .seconds(10), quarantineAfter: Int = 20,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, hasMaps: Bool = false
  ) throws {
    self.logger = logger
    own = try TestDatabase.make(hasMaps ? .engineWithMaps : .engine) { $0.settings = Engine.settings }
    curated = hasMaps ? try own.makeGuest() : nil
    engine = Engine(database: own.database, lease: lease, quarantineAfter: quarantineAfter, curated: curated)
    workshop = try Workshop(grace: grace)
  }

  var folder: TemporaryFolder { workshop.folder }

  static let noop = ["noop.run", "noop.echo", "noop.emit", "noop.sleep", "noop.reject"]
  static let broken = [
    "segfault", "picky", "abort", "exit", "stack", "spin", "hog", "child", "afterwards", "throw", "close_all", "garbage", "forged", "late",
    "large_result", "bad_json", "bad_utf8", "deep_json", "bad_item", "flood", "status", "emit_after_fail", "print", "mess", "thief",
  ].map { "broken.\($0)" }
  static let scripted = ["scripted.sql", "scripted.leave", "scripted.http", "scripted.download"]
  static let caller = ["threads", "read", "granted", "leave", "copy", "remember", "note", "session", "leave_all", "request"]
    .map { "caller.\($0)" }

  func plugin(_ name: String, _ handlers: [String], grants: String = "{}") throws -> LoadedPlugin {
    try workshop.plugin(name, handlers, grants: grants)
  }

  /// The same plugin as another build of it: its library has other bytes, which nothing reads.
  func rebuilt(_ name: String, _ handlers: [String]) throws -> LoadedPlugin {
    let programs = RunnerConfiguration.programFolder()
    let copy = "\(folder.path)/lib\(name).so"
    guard let from = fopen("\(programs)/lib\(name).so", "r"), let to = fopen(copy, "w") else {
      throw EngineError(.noTask, subject: copy)
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, from), count > 0 { fwrite(buffer, 1, count, to) }
    fputs("another build", to)
    fclose(from)
    fclose(to)
    chmod(copy, 0o755)
    return try workshop.plugin(name, handlers, folder: folder.path)
  }

  func host(
    _ plugins: [LoadedPlugin], databases: [GuestConfiguration] = [],
    http: HTTPServiceConfiguration = HTTPServiceConfiguration(), slots: Int = 2, onLost: @escaping @Sendable () -> Void = {}
  ) throws -> HostRuntime {
    try HostRuntime(
      HostRuntime.Parts(
        engine: engine, stac: Stac(database: own.database), plugins: plugins, containers: try workshop.containers,
        databases: databases, http: http, runners: workshop.runners, slots: slots, version: "1", logger: logger),
      onEndedJobs: { [self] jobs in ended.withLock { $0 += jobs } }, onLost: onLost)
  }

  func single(_ handler: HostedHandler, databases: [GuestConfiguration] = []) throws -> SingleCall {
    try workshop.single(handler, databases: databases)
  }

  func submit(_ stages: String, params: String = "{}", more: String = "") throws -> Int64 {
    let text = #"{"name": "w", \#(more) "parameters": {"type": "object"}, "stages": \#(stages)}"#
    try engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "w.json").get(), text: text)
    return try engine.jobs.submit(Submission(workflow: "w", params: Array(params.utf8)), by: .system).jobID
  }

  /// Runs one job on a host of these plugins to its end.
  func run(
    _ stages: String, params: String = "{}", on plugins: [LoadedPlugin], databases: [GuestConfiguration] = [],
    http: HTTPServiceConfiguration = HTTPServiceConfiguration()
  ) async throws -> JobView {
    try await onOwnThread { [self] in
      let host = try host(plugins, databases: databases, http: http)
      defer { host.stop() }
      return try finished(try submit(stages, params: params))
    }
  }

  /// The job once it has ended. Blocks.
  func finished(_ job: Int64) throws -> JobView {
    try until { try !unavailable { try engine.views.job(job).state.isFinal == false } }
    return try engine.views.job(job)
  }

  private func unavailable(_ body: () throws -> Bool) throws -> Bool {
    do { return try body() } catch is DatabaseError { return true }
  }

  func messages(_ job: Int64, _ stage: String) throws -> [String] {
    try engine.views.tasks(job: job, stage: stage, .init(state: .failed)).elements.compactMap(\.message)
  }

  /// The same for a test's comment, which must not throw.
  func said(_ job: Int64, _ stage: String) -> String { (try? messages(job, stage).joined(separator: "; ")) ?? "" }

  func number(_ sql: SQL) throws -> Int { try own.database.withConnection { try $0.query(sql).one().int(0) } }
}
