import Database
import Engine
import HTTPTypes
import Synchronization
import Workflow

/// Whether this host lives, answers and can work: for load balancers, supervisors and people.
struct HealthRoutes: Sendable {
  let engine: Engine
  let version: String
  /// The host's id, and how many plugins it has loaded.
  let host: WebServer.WorkingHost?

  private static let patience: Duration = .seconds(3)

  private enum Finding: Sendable {
    case ok, slow, unreachable
  }

  /// One part of readiness, and what is wrong with it.
  private struct Check: Sendable {
    var name: String
    var status: String
    var detail: String?

    var json: JSON { ["status": .string(status), "detail": detail.map(JSON.string) ?? .null] }
  }

  var routes: [Route] { [health, live, ready] }

  private var health: Route {
    Route(
      .get, "/api/health", id: "getHealth", "Whether this host answers and reaches its database.", access: .open,
      successes: [
        .init(status: 200, summary: "It does.", schema: "Health"),
        .init(status: 503, summary: "The database does not answer within \(Self.patience / .seconds(1)) s.", schema: "Health"),
      ], .quick { _ in await answer() })
  }

  private var live: Route {
    Route(
      .get, "/api/health/live", id: "getLiveness", "Whether this process answers: who gets no answer starts it anew.", access: .open,
      successes: [.init(status: 200, summary: "It does.", schema: "Liveness")],
      .quick { _ in .json(["status": "alive", "version": .string(version)]) })
  }

  private var ready: Route {
    Route(
      .get, "/api/health/ready", id: "getReadiness",
      "Whether this host can work: its database answers and has its migrations, its plugins are loaded, and it is registered.",
      access: .open,
      successes: [
        .init(status: 200, summary: "It can.", schema: "Readiness"),
        .init(status: 503, summary: "It cannot, and why.", schema: "Readiness"),
      ],
      .quick { _ in
        let checks = await checks()
        let isReady = checks.allSatisfy { $0.status == "ok" }
        return .json(
          [
            "status": isReady ? "ready" : "unready", "version": .string(version),
            "checks": .object(JSONObject(checks.map { ($0.name, $0.json) })),
          ], status: isReady ? 200 : 503)
      })
  }

  private func checks() async -> [Check] {
    let finding = await look { connection in try connection.transaction(access: .readOnly) { _ in } }
    var checks = [Check(name: "database", status: "\(finding)", detail: finding == .ok ? nil : "It does not answer as it should.")]
    guard finding == .ok else {
      return checks + ["migrations", "plugins"].map { Check(name: $0, status: "unknown", detail: "The database would have to say it.") }
    }
    let found = Found()
    let work = await look { [engine, host] _ in
      found.set(
        Self.migrations(try Installation(engine.database).migrator.status()), try host.map { try engine.views.isAlive(host: $0.id) })
    }
    let (migrations, isAlive) = found.values
    checks.append(migrations ?? Check(name: "migrations", status: "unknown", detail: "The database was \(work)."))
    checks.append(plugins(isAlive: isAlive))
    return checks
  }

  /// A database that is newer is no fault: hosts are brought up one after the other.
  private static func migrations(_ status: MigrationStatus) -> Check {
    if let first = status.pending.first {
      return Check(name: "migrations", status: "pending", detail: "\(status.pending.count) are pending, \(first.title) first.")
    }
    let isNewer = (status.applied.last?.number ?? 0) > (Installation.migrations.map(\.number).max() ?? 0)
    guard let conflict = status.conflict, !isNewer else { return Check(name: "migrations", status: "ok", detail: nil) }
    return Check(name: "migrations", status: "conflict", detail: conflict.message)
  }

  private func plugins(isAlive: Bool?) -> Check {
    guard let host else { return Check(name: "plugins", status: "ok", detail: "No host works in this process.") }
    guard isAlive == true else { return Check(name: "plugins", status: "lost", detail: "Others have given this host up.") }
    return Check(name: "plugins", status: "ok", detail: "\(host.plugins) loaded.")
  }

  private func answer() async -> Answer {
    let start = ContinuousClock.now
    let finding = await look { connection in try connection.transaction(access: .readOnly) { _ in } }
    let latency = (ContinuousClock.now - start) / .milliseconds(1)
    let isOK = finding == .ok
    return .json(
      [
        "status": isOK ? "ok" : "unavailable", "version": .string(version),
        "database": [
          "status": .string("\(finding)"), "latency_ms": .number(JSONNumber((latency * 1_000).rounded() / 1_000)),
        ],
      ], status: isOK ? 200 : 503)
  }

  /// Asks the database, and gives up after a while: a connection that hangs must not hang the answer.
  private func look(_ question: @escaping @Sendable (Connection) throws -> Void) async -> Finding {
    let (findings, report) = AsyncStream<Finding>.makeStream()
    let query = Task {
      do {
        try await engine.database.perform(question)
        report.yield(.ok)
      } catch let error as DatabaseError {
        if case .poolExhausted = error.code { report.yield(.slow) } else { report.yield(.unreachable) }
      } catch {
        report.yield(.slow)
      }
    }
    let timer = Task {
      // cancelled: the query has an answer, and nobody listens to the timer any more
      try? await Task.sleep(for: Self.patience)
      report.yield(.slow)
    }
    defer {
      query.cancel()
      timer.cancel()
    }
    for await finding in findings { return finding }
    return .slow
  }

  /// What a thread of the database has found so far.
  private final class Found: Sendable {
    private let state = Mutex<(Check?, Bool?)>((nil, nil))

    var values: (Check?, Bool?) { state.withLock { $0 } }

    func set(_ migrations: Check, _ isAlive: Bool?) {
      state.withLock { $0 = (migrations, isAlive) }
    }
  }
}
