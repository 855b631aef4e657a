import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `What is raised and cleared` {
  let desk: Desk
  private var alerts: Alerts { desk.engine.alerts }
  private static let all = Set(Attention.Kind.allCases)

  init() throws { desk = try Desk() }

  private func term() throws -> Leader.Term { try #require(try desk.engine.leader.lead(desk.host)) }

  /// A host that is lost needs attention for an hour.
  private func lose(_ name: String) throws {
    _ = try desk.engine.hosts.register(HostIdentity(name: name, machine: name, pid: 1, process: name), version: "1", slots: 1, offers: [])
    try desk.execute("UPDATE hosts SET lease_until = now() - interval '1 minute' WHERE name = \(name)")
  }

  private func mend(_ name: String) throws {
    try desk.execute("UPDATE hosts SET lease_until = now() + interval '1 day' WHERE name = \(name)")
  }
  private func pass(_ seconds: Int) throws { try desk.execute("UPDATE alerts SET seen_at = seen_at - \(seconds) * interval '1 second'") }

  @Test func `are raised once and cleared once, whatever comes and goes between`() throws {
    let term = try term()
    try lose("gone")
    #expect(try alerts.observe(["ops": Self.all], term) == 1)
    #expect(try alerts.observe(["ops": Self.all], term) == 0)
    // it comes back for a moment
    try mend("gone")
    #expect(try alerts.observe(["ops": Self.all], term) == 0)
    try lose("gone")
    #expect(try alerts.list(openOnly: true).elements.count == 1)
    try mend("gone")
    try pass(61)
    #expect(try alerts.observe(["ops": Self.all], term) == 1)
    #expect(try alerts.observe(["ops": Self.all], term) == 0)
    #expect(try alerts.list(openOnly: true).elements.isEmpty)
    let told = try alerts.deliveries().elements
    #expect(told.map(\.event) == [.cleared, .raised] && Set(told.map(\.messageID)).count == 2)
    let alert = try #require(try alerts.list(openOnly: false).elements.first)
    #expect(alert.attention["kind"] == "host_lost" && alert.clearedAt != nil)
  }

  @Test func `tell each webhook what it wants to know`() throws {
    try lose("gone")
    try alerts.observe(["ops": Self.all, "data": [.datasetStale], "hosts": [.hostLost]], try term())
    #expect(try Set(alerts.deliveries().elements.map(\.webhook)) == ["ops", "hosts"])
    #expect(try alerts.deliveries(webhook: "hosts").elements.count == 1 && alerts.deliveries(state: .delivered).elements.isEmpty)
  }

  @Test func `are observed and told by the leader alone`() throws {
    let term = try term()
    try lose("gone")
    try alerts.observe(["ops": Self.all], term)
    try desk.execute("UPDATE leaders SET lease_until = now() - interval '1 second'")
    let other = try desk.engine.hosts.register(
      HostIdentity(name: "other", machine: "o", pid: 1, process: "1"), version: "1", slots: 1, offers: [])
    let next = try #require(try desk.engine.leader.lead(other))
    try lose("more")
    #expect(try alerts.observe(["ops": Self.all], term) == 0 && alerts.claim(["ops"], term).isEmpty)
    #expect(try alerts.observe(["ops": Self.all], next) == 1)
    #expect(try alerts.claim(["ops"], next).count == 2)
  }

  @Test func `are sent again under the same id when the host that sent them dies`() throws {
    let term = try term()
    try lose("gone")
    try alerts.observe(["ops": Self.all], term)
    let first = try #require(try alerts.claim(["ops"], term).first)
    #expect(try alerts.claim(["ops"], term).isEmpty)
    try desk.execute("UPDATE alert_deliveries SET next_at = now()")
    let second = try #require(try alerts.claim(["ops"], term).first)
    #expect(second.messageID == first.messageID && second.body == first.body && second.tries == 2)
    try alerts.settle(second, .init(status: 200), .delivered)
    try desk.execute("UPDATE alert_deliveries SET next_at = now()")
    #expect(try alerts.claim(["ops"], term).isEmpty)
    // the one who sent first learns late that it was refused
    try alerts.settle(first, .init(status: 500), .again(after: .zero))
    #expect(try alerts.deliveries().elements.map(\.state) == [.delivered])
  }

  @Test func `end only where they were heard of`() throws {
    let term = try term()
    try lose("gone")
    try alerts.observe(["ops": Self.all, "dead": Self.all], term)
    let rises = try alerts.claim(["ops", "dead"], term)
    for rise in rises where rise.webhook == "dead" { try alerts.settle(rise, .init(status: 410), .givenUp) }
    try mend("gone")
    try pass(61)
    try alerts.observe(["ops": Self.all, "dead": Self.all], term)
    #expect(try alerts.deliveries(webhook: "dead").elements.map(\.event) == [.raised])
    // the rise is still on its way to the other
    #expect(try alerts.claim(["ops", "dead"], term).isEmpty)
    try alerts.settle(try #require(rises.first { $0.webhook == "ops" }), .init(status: 204), .delivered)
    #expect(try alerts.claim(["ops"], term).map(\.event) == [.cleared])
  }

  @Test func `are forgotten after a month, with what was told of them`() throws {
    let term = try term()
    try lose("gone")
    try alerts.observe(["ops": Self.all], term)
    try desk.execute("UPDATE alerts SET cleared_at = now() - interval '31 days'")
    try mend("gone")
    try alerts.observe([:], term)
    #expect(try desk.number("SELECT (SELECT count(*) FROM alerts) + (SELECT count(*) FROM alert_deliveries)") == 0)
  }

  @Test func `come of schedules that are late, and that start nothing`() throws {
    try desk.put(Sample.one)
    let settings = try ScheduleSettings(["workflow": "w", "cron": "0 2 * * *"])
    for name in ["late", "lost", "fine", "paused"] { _ = try desk.engine.schedules.put(name, settings, by: .olga) }
    _ = try desk.engine.schedules.pause("paused", by: .olga)
    try desk.execute("UPDATE schedules SET next_at = now() - interval '6 minutes' WHERE name IN ('late', 'paused')")
    try desk.execute(
      """
      INSERT INTO schedule_fires (schedule_id, fire_at, local, outcome, why)
      SELECT id, now() - interval '1 hour', 'x', 'failed', 'there is no workflow "w"' FROM schedules WHERE name = 'lost'
      """)
    let found = try desk.engine.metrics.overview().attention
    #expect(found.map(\.key) == ["schedule_late late", "schedule_late lost"])
    #expect(found[1].text.hasSuffix(#": there is no workflow "w""#))
  }
}
