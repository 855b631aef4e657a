import HTTPTypes
import Database
import Workflow

/// Whether this host can work: for load balancers and for people.
struct HealthRoute: Sendable {
  let database: Database
  let version: String

  private static let patience: Duration = .seconds(3)

  private enum Finding: Sendable {
    case ok, slow, unreachable
  }

  var route: Route {
    Route(
      .get, "/api/health", id: "getHealth", "Whether this host answers and reaches its database.", access: .open,
      successes: [
        .init(status: 200, summary: "It does.", schema: "Health"),
        .init(status: 503, summary: "The database does not answer within \(Self.patience / .seconds(1)) s.", schema: "Health"),
      ], .quick { _ in await answer() })
  }

  private func answer() async -> Answer {
    let start = ContinuousClock.now
    let finding = await look()
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

  /// An empty transaction, given up after a while: a connection that hangs must not hang the answer.
  private func look() async -> Finding {
    let (findings, report) = AsyncStream<Finding>.makeStream()
    let query = Task {
      do {
        try await database.perform { connection in try connection.transaction(access: .readOnly) { _ in } }
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
}
