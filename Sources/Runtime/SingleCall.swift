public import Database
import Dispatch
public import Runners
public import Storage
import Synchronization
import Workflow

/// Calls one handler once, with no database of Weir's: what `weir run` does. Storage, the network and the databases that the
/// operator named for handlers work, and STAC documents are checked; registering them and checkpoints have nowhere to go.
public struct SingleCall: Sendable {
  /// What the handler gave, as it came.
  public struct Hearing: Sendable {
    public var onLog: @Sendable (LogLine) -> Void
    /// NDJSON of items or rejects.
    public var onEmitted: @Sendable (EmittedChunk.Kind, [UInt8]) -> Void
    public var onProgress: @Sendable (UInt64, UInt64, String?) -> Void

    public init(
      onLog: @escaping @Sendable (LogLine) -> Void,
      onEmitted: @escaping @Sendable (EmittedChunk.Kind, [UInt8]) -> Void,
      onProgress: @escaping @Sendable (UInt64, UInt64, String?) -> Void
    ) {
      self.onLog = onLog
      self.onEmitted = onEmitted
      self.onProgress = onProgress
    }
  }

  private let handler: HostedHandler
  private let containers: Containers
  private let databases: [GuestConfiguration]
  private let http: HTTPServiceConfiguration
  private let runners: RunnerConfiguration

  public init(
    handler: HostedHandler, containers: Containers, databases: [GuestConfiguration] = [],
    http: HTTPServiceConfiguration = HTTPServiceConfiguration(), runners: RunnerConfiguration
  ) {
    self.handler = handler
    self.containers = containers
    self.databases = databases
    self.http = http
    self.runners = runners
  }

  /// Blocks until the handler has ended.
  /// - Throws: `RunnersError` when no runner can be started.
  public func make(params: [UInt8], hearing: Hearing) throws -> Outcome {
    let reports = SingleCallReports(
      handler: handler, storage: StorageService(containers: containers), sql: SQLService(databases),
      http: HTTPService(http, containers: containers), hearing: hearing)
    let pool = try RunnerPool(slots: 1, configuration: runners, delegate: reports)
    pool.submit(
      [
        TaskCall(
          token: 1, jobID: "0", stage: "run", taskID: "0/run/0", handler: handler.name, timeout: handler.timeout,
          progressTimeout: handler.progressTimeout, memoryMB: handler.memoryMB, threads: handler.threads, granted: handler.services,
          params: params)
      ], build: handler.build)
    let outcome = reports.wait()
    pool.stop(grace: runners.grace)
    return outcome
  }
}

private final class SingleCallReports: RunnerDelegate {
  private let handler: HostedHandler
  private let storage: StorageService
  private let sql: SQLService
  private let http: HTTPService
  private let hearing: SingleCall.Hearing
  private let threads = ServiceThreads(limit: 16)
  private let outcome = Mutex<Outcome?>(nil)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let startFailure = Mutex<String?>(nil)

  init(
    handler: HostedHandler, storage: StorageService, sql: SQLService, http: HTTPService, hearing: SingleCall.Hearing
  ) {
    self.handler = handler
    self.storage = storage
    self.sql = sql
    self.http = http
    self.hearing = hearing
  }

  func wait() -> Outcome {
    while true {
      hasEnded.wait()
      if let outcome = outcome.withLock({ $0 }) { return outcome }
    }
  }

  func outcomes(_ batch: [Outcome]) {
    guard var last = batch.last else { return }
    if let failure = startFailure.withLock({ $0 }) { last.message = failure }
    storage.ended(last.token)
    sql.ended(last.token)
    outcome.withLock { $0 = last }
    hasEnded.signal()
  }

  func call(_ call: ServiceCall) {
    if call.code == .check {
      return threads.perform { StacService.check(call) }
    }
    switch call.code.service {
    case "weir.storage/1": threads.perform { [storage, handler] in storage.answer(call, grants: handler.grants) }
    case "weir.sql/1": sql.take(call, grants: handler.grants)
    case "weir.http/1":
      let caller = HTTPService.Caller(taskID: nil, traceparent: nil) { [hearing] done, total in hearing.onProgress(done, total, nil) }
      http.take(call, grants: handler.grants, caller: caller)
    default: call.refuse("\(call.name) needs a database: submit a job instead of `weir run`")
    }
  }

  func emitted(_ chunk: EmittedChunk) {
    hearing.onEmitted(chunk.kind, chunk.ndjson)
    chunk.credit()
  }

  func logged(_ line: LogLine) { hearing.onLog(line) }

  func progressed(token: Int64, done: UInt64, total: UInt64, note: String?) { hearing.onProgress(done, total, note) }

  func startFailed(_ build: RunnerBuild, message: String, delay: Duration) { startFailure.withLock { $0 = message } }
}
