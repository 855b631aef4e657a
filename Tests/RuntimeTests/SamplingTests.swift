import Database
import Engine
import Logging
import Runtime
import TestSupport
import Testing
import Workflow

@Suite struct `Sampling` {
  @Test(arguments: [true, false]) func `is what METRICS_ENABLED says, and jobs run all the same`(isEnabled: Bool) async throws {
    let house = try House()
    try await onOwnThread {
      var parts = HostRuntime.Parts(
        engine: house.engine, stac: Stac(database: house.own.database), plugins: [try house.plugin("Noop", House.noop)],
        containers: try house.workshop.containers, runners: house.workshop.runners, slots: 1, version: "1",
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      parts.metrics = try HostConfiguration.load(file: nil, environment: ["METRICS_ENABLED": "\(isEnabled)"]).configuration.metrics
      let host = try HostRuntime(parts) {}
      let job = try house.submit(#"[{"id": "a", "handler": "noop.run", "params": {}}]"#)
      #expect(try house.finished(job).state == .completed)
      let table = "SELECT count(*) FROM pg_class WHERE relname = 'job_metrics'" as SQL
      if isEnabled { try until { try house.number(table) == 1 } }
      host.stop()
      #expect(try house.number(table) == (isEnabled ? 1 : 0))
      let overview = try house.engine.metrics.overview()
      #expect(overview.jobs.map(\.progress) == [1] && (overview.sampledAt != nil) == isEnabled)
    }
  }
}
