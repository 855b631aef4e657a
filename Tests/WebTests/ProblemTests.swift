import Engine
import TestSupport
import Testing
import Workflow

@testable import Web

@Suite struct `Problems` {
  static let codes: [EngineError.Code] = [
    .noWorkflow(known: ["a"]), .invalidWorkflow([Workflow.Problem(file: "body", path: "stages[0]", message: "It is wrong.")]),
    .invalidParams([SchemaProblem(pointer: "/a", keyword: "type", expected: "a string", given: "1 (a number)")]),
    .paramsNotJSON(JSONSyntaxError(offset: 0, line: 1, column: 1, message: "expected a value")),
    .noHandler(stage: "s", handler: "h", known: []), .noJob, .noStage(known: ["s"]), .noTask, .jobHasEnded(.failed), .dedupKeyTooLong(201),
    .hostIsGone, .jobIsCancelling, .jobIsPaused, .stageNotRunning(.waiting), .stageBehindRuns(tasks: 1), .stageIsReused(by: 7),
    .stageNotUsable(before: "b", .failed), .tooManyLabels(33), .noCollection, .noItem(collection: "c"), .noProvenance(collection: "c"),
    .collectionInUse(job: 7), .noLimit(known: ["l"]),
    .invalidLimit("It is wrong."),
    .notQuarantined(known: []), .noSchedule(known: ["s"]), .invalidSchedule("It is wrong."), .scheduleHasChanged(generation: 2),
    .noBackfill,
    .scheduleOfDataset("rivers"), .noTrigger(known: ["t"]), .invalidTrigger("It is wrong."), .triggerHasChanged(generation: 2),
    .triggerIsPaused, .unsigned("It is wrong."),
    .noDataset(known: []), .datasetExists, .datasetChanged(revision: 2), .datasetIsUpdating(job: 7),
    .datasetHasTable("geo.curated_a"), .targetTaken(table: "geo.curated_a", owner: "a"), .noDatasetVersion(3, known: [1]), .noCuratedTables,
    .curatedTablesAway("It is away."), .curatedTableBusy,
    .invalidDataset([Workflow.Problem(file: "body", path: "source_url", message: "It is wrong.")]),
    .noStyle(known: []), .styleExists, .styleChanged, .styleIsDerived,
    .invalidStyle([Workflow.Problem(file: "body", path: "version", message: "It is wrong.")]), .styleNotSLD(why: "it is round"),
    .datasetNotDrawn(table: "curated_a"), .tileTooSlow, .tileTooLarge(mebibytes: 4), .curatedSwapRefused("It is gone."),
    .pluginUnavailable(
      UnavailablePlugin(id: "p", version: "1.0.0", handlers: ["p.h"], library: "libP.so", missing: "libq.so.1"), host: "h"),
  ]

  // A code that is added to the engine does not compile here until it stands in the list above.
  private static func position(of code: EngineError.Code) -> Int {
    switch code {
    case .noWorkflow: 0
    case .invalidWorkflow: 1
    case .invalidParams: 2
    case .paramsNotJSON: 3
    case .noHandler: 4
    case .noJob: 5
    case .noStage: 6
    case .noTask: 7
    case .jobHasEnded: 8
    case .dedupKeyTooLong: 9
    case .hostIsGone: 10
    case .jobIsCancelling: 11
    case .jobIsPaused: 12
    case .stageNotRunning: 13
    case .stageBehindRuns: 14
    case .stageIsReused: 15
    case .stageNotUsable: 16
    case .tooManyLabels: 17
    case .noCollection: 18
    case .noItem: 19
    case .noProvenance: 20
    case .collectionInUse: 21
    case .noLimit: 22
    case .invalidLimit: 23
    case .notQuarantined: 24
    case .noSchedule: 25
    case .invalidSchedule: 26
    case .scheduleHasChanged: 27
    case .noBackfill: 28
    case .scheduleOfDataset: 29
    case .noTrigger: 30
    case .invalidTrigger: 31
    case .triggerHasChanged: 32
    case .triggerIsPaused: 33
    case .unsigned: 34
    case .noDataset: 35
    case .datasetExists: 36
    case .datasetChanged: 37
    case .datasetIsUpdating: 38
    case .datasetHasTable: 39
    case .targetTaken: 40
    case .noDatasetVersion: 41
    case .noCuratedTables: 42
    case .curatedTablesAway: 43
    case .curatedTableBusy: 44
    case .invalidDataset: 45
    case .noStyle: 46
    case .styleExists: 47
    case .styleChanged: 48
    case .styleIsDerived: 49
    case .invalidStyle: 50
    case .styleNotSLD: 51
    case .datasetNotDrawn: 52
    case .tileTooSlow: 53
    case .tileTooLarge: 54
    case .curatedSwapRefused: 55
    case .pluginUnavailable: 56
    }
  }

  @Test(arguments: codes.indices) func `every code of the engine has a status, and a route that documents it`(index: Int) async throws {
    let code = Self.codes[index]
    #expect(Self.position(of: code) == index)
    let problem = Web.Problem(cause: EngineError(code, subject: "subject"))
    #expect(problem.kind != .fault)
    #expect(problem.kind.status != 500)
    try await TestServer.with(sample: false) { server in
      let paths = try await server.get("/api/openapi.json").json["paths"]?.objectValue?.members ?? []
      let documented = paths.flatMap { $0.value.objectValue?.members ?? [] }.flatMap { $0.value["responses"]?.objectValue?.keys ?? [] }
      #expect(documented.contains("\(problem.kind.status)"))
    }
  }

  @Test(arguments: [
    (AccessError.Code.noToken(known: []), 404), (.tokenNameTaken, 409), (.invalidTokenName, 422), (.noSession, 404),
  ]) func `what is wrong with tokens and sessions has a status`(code: AccessError.Code, status: Int) {
    let problem = Web.Problem(cause: AccessError(code, subject: "subject"))
    #expect(problem.kind.status == status)
    #expect(problem.hint != nil)
  }

  @Test func `an error that nobody expected tells nothing of itself`() {
    struct Secretive: Error { var password = "hunter2" }
    let problem = Web.Problem(cause: Secretive())
    #expect(problem.kind.status == 500)
    #expect(!problem.json.serialized().contains("hunter2"))
  }

  @Test func `a server without a database says so, and that it may pass`() async throws {
    try await TestServer.with(database: "host=/nonexistent dbname=weir password=hunter2") { server in
      let jobs = try await server.get("/api/jobs")
      #expect(jobs.status == 503)
      #expect(jobs.headers["retry-after"] == "5")
      #expect(jobs.json["type"] == "urn:weir:problem:database-away")
      #expect(!jobs.text.contains("nonexistent"))
      let health = try await server.get("/api/health")
      #expect(health.status == 503)
      #expect(health.json["database"]?["status"] == "unreachable")
    }
  }

  @Test func `when too much waits, more is told to come back`() async throws {
    let threads = BlockingThreads(limit: 1, mostWaiting: 1)
    let (busy, isBusy) = AsyncStream<Void>.makeStream()
    let gate = Gate()
    async let first: Void = threads.perform {
      isBusy.yield()
      gate.wait()
    }
    for await _ in busy { break }
    async let second: Void = threads.perform {}
    // the second is taken or still on its way; of those after it, one may wait at most
    var refused = 0
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<3 {
        group.addTask {
          do {
            try await threads.perform {}
            return false
          } catch { return (error as? Web.Problem)?.kind == .overloaded }
        }
      }
      for await isRefused in group {
        if isRefused { refused += 1 }
        if refused == 2 { gate.open() }
      }
    }
    _ = try? await second  // it may be among the refused
    try await first
    #expect(refused >= 2)
  }
}
