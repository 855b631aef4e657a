import Testing
import Workflow

@Suite struct `Settings of metrics` {
  @Test func `have defaults, and come from the environment`() throws {
    #expect(try HostConfiguration.load(file: nil, environment: [:]).configuration.metrics == MetricsSettings())
    let (configuration, origins) = try HostConfiguration.load(
      file: nil,
      environment: [
        "METRICS_ENABLED": "false", "METRICS_DEBUG_MODE": "1", "METRICS_SAMPLE_INTERVAL": "2", "METRICS_RETENTION_MINUTES": "1440",
        "METRICS_LOG_PREFIX": "metrics:",
      ])
    let metrics = configuration.metrics
    #expect(!metrics.isEnabled && metrics.isDebugging && metrics.sampleInterval == .seconds(2))
    #expect(metrics.retention == .seconds(86_400) && metrics.logPrefix == "metrics:")
    #expect(origins.first { $0.name == "METRICS_SAMPLE_INTERVAL" }?.value == "2")
  }

  @Test func `are told wrong all at once, with how to mend them`() throws {
    do throws(Problems) {
      _ = try HostConfiguration.load(
        file: nil,
        environment: [
          "METRICS_ENABLED": "maybe", "METRICS_SAMPLE_INTERVAL": "0", "METRICS_RETENTION_MINUTES": "5", "METRICS_LOG_PREFIX": "",
          "METRICS_SAMPLE_INTERVALS": "5", "WEIR_LOG_LEVEL": "loud",
        ])
      Issue.record("nothing was wrong")
    } catch {
      #expect(
        error.list.map(\.description) == [
          #"environment: WEIR_LOG_LEVEL: expected trace, debug, info, notice, warning, error, got "loud"."#,
          "environment: METRICS_ENABLED: expected true or false, got \"maybe\".\n  Without it the host takes true.",
          "environment: METRICS_SAMPLE_INTERVAL: expected seconds from 1 to 300, such as 5, got \"0\".\n  Without it the host takes 5.",
          "environment: METRICS_RETENTION_MINUTES: expected minutes from 10 to 1440, such as 60, got \"5\".\n  Without it the host takes 60.",
          "environment: METRICS_LOG_PREFIX: expected 1 to 40 printable characters, such as [METRICS], got \"\".\n"
            + "  Without it the host takes [METRICS].",
          "environment: METRICS_SAMPLE_INTERVALS: unknown variable.\n  Did you mean METRICS_SAMPLE_INTERVAL?",
        ])
    }
  }
}
