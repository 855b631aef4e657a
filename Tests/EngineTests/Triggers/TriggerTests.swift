import Database
import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `Workflows that start when something happens` {
  let desk: Desk
  private var triggers: Triggers { desk.engine.triggers }

  init() throws {
    desk = try Desk()
    for name in ["v", "w"] { try desk.put(Sample.one, name: name) }
  }

  private func put(_ name: String, _ on: String, _ params: String = "{}", workflow: String = "w") throws {
    let text = #"{"workflow": "\#(workflow)", "on": \#(on), "params": \#(params), "labels": ["triggered"]}"#
    _ = try triggers.put(name, TriggerSettings(JSON(parsing: Array(text.utf8))), by: .olga)
  }

  private func refusal(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? EngineError)?.message ?? "\(error)" }
  }

  private func outcomes(_ name: String) throws -> [String] {
    try triggers.events(name).elements.reversed().map { "\($0.subject) \($0.outcome)" }
  }

  private func jobs(_ workflow: String = "w") throws -> Int { try desk.number("SELECT count(*) FROM jobs WHERE workflow = \(workflow)") }

  // MARK: the end of jobs

  @Test func `start when a job of another workflow ends, once for each job`() throws {
    let before = try desk.submit(workflow: "v")
    try desk.work()
    try put("after", #"{"job": {"workflow": "v"}}"#, #"{"of": "${event.job_id}", "how": "it ${event.state}"}"#)
    #expect(try triggers.fire() == 0, "job \(before) ended before")
    let job = try desk.submit(workflow: "v")
    #expect(try triggers.fire() == 0)
    try desk.work()
    #expect(try triggers.fire() == 1 && triggers.fire() == 0)
    #expect(try outcomes("after") == ["job \(job) completed submitted"])
    let started = try desk.job(try #require(try triggers.events("after").elements.first?.jobID))
    #expect(started.params.text == #"{"of":"\#(job)","how":"it completed"}"# && started.labels == ["triggered"])
    #expect(try desk.engine.audit.entries(Audit.Filter(actor: "trigger after")).elements.map(\.action) == ["job.submit"])
    // what shows late, as when its transaction took long, is found as well
    try desk.execute("UPDATE triggers SET watermark = now() + interval '60 seconds'")
    let late = try desk.submit(workflow: "v")
    try desk.work()
    #expect(try triggers.fire() == 1)
    #expect(try outcomes("after").last == "job \(late) completed submitted")
  }

  @Test func `start for the states that they name`() throws {
    try put("failures", #"{"job": {"workflow": "v", "states": ["failed"]}}"#)
    for _ in 0..<2 { _ = try desk.submit(workflow: "v") }
    var isFirst = true
    try desk.work { task in
      defer { isFirst = false }
      return isFirst ? task.failed() : task.done()
    }
    #expect(try triggers.fire() == 1 && jobs() == 1)
  }

  @Test func `cannot start each other for ever`() throws {
    try desk.put(Sample.one, name: "u")
    try put("one", #"{"job": {"workflow": "u"}}"#, workflow: "v")
    try put("two", #"{"job": {"workflow": "v"}}"#, workflow: "w")
    #expect(
      refusal { try put("three", #"{"job": {"workflow": "w"}}"#, workflow: "u") }
        == #"trigger "three": on.job.workflow: the end of u starts w again, so this would never end"#)
    // which changes one of them into the same
    #expect(refusal { try put("two", #"{"job": {"workflow": "v"}}"#, workflow: "u") } != nil)
    #expect(try triggers.list().map(\.name) == ["one", "two"])
  }

  // MARK: datasets

  @Test func `start when a dataset has a new version, once for each`() throws {
    _ = try desk.engine.datasets.create(try DatasetDesk.definition(), by: .olga)
    func log(_ version: Int?, _ type: String = "manual", dryRun: Bool = false, _ status: String = "completed") throws {
      try desk.execute(
        """
        INSERT INTO curated_update_log (dataset_id, update_type, dry_run, source_version, version, status, started_by, completed_at)
        VALUES ('rivers', \(type), \(dryRun), 'r1', \(version), \(status), 'olga', CASE WHEN \(status) <> 'started' THEN now() END)
        """)
    }
    try log(1)
    try put("fresh", #"{"dataset": {"id": "rivers"}}"#, #"{"version": "${event.version}", "of": "${event.source_version}"}"#)
    #expect(try triggers.fire() == 0)
    try log(2)
    try log(nil, "scheduled", "skipped")
    try log(3, dryRun: true)
    try log(1, "rollback")
    try log(4)
    #expect(try triggers.fire() == 2 && triggers.fire() == 0)
    #expect(try outcomes("fresh") == ["rivers version 2 submitted", "rivers version 4 submitted"])
    #expect(refusal { try put("none", #"{"dataset": {"id": "lakes"}}"#) } == #"there is no dataset "lakes""#)
  }

  // MARK: objects

  private func look(_ name: String) throws -> ObjectLook { try #require(try triggers.looks().first { $0.name == name }) }
  private func again(_ seconds: Int = 0) throws {
    try desk.execute("UPDATE triggers SET next_at = now() - \(seconds) * interval '1 second'")
  }

  /// Whole seconds from now.
  private func object(_ key: String, _ etag: String = "1", at seconds: Double = 1) throws -> SeenObject {
    let now = Double(try desk.number("SELECT extract(epoch FROM now())::bigint"))
    return SeenObject(key: key, etag: etag, size: 1, modified: now + seconds)
  }

  @Test func `start for each new or changed object, once`() throws {
    try put("arrivals", #"{"objects": {"container": "bronze", "prefix": "in/", "suffix": ".tif"}}"#, #"{"key": "${event.key}"}"#)
    let old = try object("in/old.tif", at: -100)
    let objects = [old, try object("in/a.tif"), try object("in/a.txt"), try object("in/b.tif")]
    #expect(try triggers.take(objects, of: try look("arrivals"), next: nil) == 2)
    #expect(try triggers.looks().isEmpty, "the next look is due in a minute")
    try again()
    #expect(try triggers.take(objects, of: try look("arrivals"), next: nil) == 0)
    try again()
    #expect(try triggers.take([try object("in/a.tif", "2", at: 2)], of: try look("arrivals"), next: nil) == 1)
    #expect(try outcomes("arrivals") == ["bronze/in/a.tif submitted", "bronze/in/b.tif submitted", "bronze/in/a.tif submitted"])
    #expect(try jobs() == 3)
  }

  @Test func `go on with a walk where another host stopped, and decide no page twice`() throws {
    try put("arrivals", #"{"objects": {"container": "bronze"}}"#)
    let first = try look("arrivals")
    #expect(try triggers.take([try object("a")], of: first, next: "page 2") == 1)
    // the host that did not know, and one that goes on
    #expect(try triggers.take([try object("a")], of: first, next: "page 2") == nil)
    let second = try look("arrivals")
    #expect(second.page == "page 2")
    #expect(try triggers.take([try object("b")], of: second, next: nil) == 1)
    #expect(try outcomes("arrivals") == ["bronze/a submitted", "bronze/b submitted"])
  }

  @Test func `share a job among so many objects as they say`() throws {
    try put("arrivals", #"{"objects": {"container": "bronze", "batch": 2}}"#, #"{"objects": "${event.objects}"}"#)
    #expect(try triggers.take(try ["a", "b", "c"].map { try object($0) }, of: try look("arrivals"), next: nil) == 3)
    #expect(try jobs() == 2)
    let views = try triggers.events("arrivals").elements
    #expect(Set(views.map(\.jobID)).count == 2 && views.count == 3)
  }

  @Test func `say why a container cannot be looked at, and look again`() throws {
    try put("arrivals", #"{"objects": {"container": "bronze"}}"#)
    try triggers.fail(try look("arrivals"), "bronze: no such container")
    #expect(try triggers.trigger("arrivals").error == "bronze: no such container" && triggers.looks().isEmpty)
    try again()
    #expect(try triggers.take([], of: try look("arrivals"), next: nil) == 0)
    #expect(try triggers.trigger("arrivals").error == nil)
  }

  // MARK: all of them

  @Test func `note why a job could not be submitted, and go on`() throws {
    try put("arrivals", #"{"objects": {"container": "bronze"}}"#, #"{"key": "${event.key}"}"#)
    try desk.put(Sample.one, parameters: #"{"type": "object", "properties": {"key": {"pattern": "^ok"}}}"#)
    #expect(try triggers.take(try ["bad", "ok"].map { try object($0) }, of: try look("arrivals"), next: nil) == 2)
    #expect(try outcomes("arrivals") == ["bronze/bad failed", "bronze/ok submitted"])
    #expect(try triggers.events("arrivals").elements.last?.why == #"the parameters of "w" are not valid: 1 problem"#)
  }

  @Test func `hold what happens while they are paused, or skip it when told so`() throws {
    try put("after", #"{"job": {"workflow": "v"}}"#)
    for missed in [Triggers.Missed.take, .skip] {
      _ = try triggers.pause("after", why: "quiet", by: .olga)
      _ = try desk.submit(workflow: "v")
      try desk.work()
      #expect(try triggers.fire() == 0)
      _ = try triggers.resume("after", missed: missed, by: .olga)
      #expect(try triggers.fire() == (missed == .take ? 1 : 0))
    }
    let audit = try desk.engine.audit.entries(Audit.Filter(subject: "trigger/after")).elements.map(\.action)
    #expect(audit == ["trigger.resume", "trigger.pause", "trigger.resume", "trigger.pause", "trigger.create"])
  }

  @Test func `are what somebody may make, and change unseen by nobody`() throws {
    #expect(refusal { try put("after", #"{"job": {"workflow": "v"}}"#, workflow: "none") } == #"there is no workflow "none""#)
    #expect(refusal { try put("Nightly run", #"{"job": {"workflow": "v"}}"#) }?.hasPrefix(#"trigger "Nightly run": a name has"#) == true)
    try desk.put(Sample.one, parameters: #"{"type": "object", "required": ["region"]}"#)
    #expect(refusal { try put("after", #"{"job": {"workflow": "v"}}"#) } == #"the parameters of "w" are not valid: 1 problem"#)
    try put("after", #"{"job": {"workflow": "v"}}"#, #"{"region": "x"}"#)
    let settings = try triggers.trigger("after").settings
    _ = try triggers.put("after", settings, generation: 1, by: .olga)
    #expect(
      refusal { _ = try triggers.put("after", settings, generation: 1, by: .olga) }
        == #"trigger "after" has changed since: its generation is 2"#)
    try triggers.remove("after", by: .olga)
    #expect(refusal { try triggers.remove("after", by: .olga) } == #"there is no trigger "after""#)
  }

  @Test func `forget events that cannot come again, and keep those that can`() throws {
    try put("after", #"{"job": {"workflow": "v"}}"#)
    try put("once", #"{"objects": {"container": "bronze", "dedup": "key"}}"#)
    _ = try desk.submit(workflow: "v")
    try desk.work()
    #expect(try triggers.fire() == 1)
    try put("arrivals", #"{"objects": {"container": "silver"}}"#)
    for name in ["once", "arrivals"] { #expect(try triggers.take([try object("a")], of: try look(name), next: nil) == 1) }
    try desk.execute("UPDATE trigger_events SET decided_at = now() - interval '31 days', happened_at = now() - interval '31 days'")
    try desk.execute("UPDATE jobs SET finished_at = finished_at - interval '31 days'")
    #expect(try triggers.clean() == 2)
    #expect(try triggers.events("once").elements.count == 1)
    #expect(try triggers.fire() == 0)
    // what stands is known without its event
    try again()
    #expect(try triggers.take([try object("a", at: -9_000_000)], of: try look("arrivals"), next: nil) == 0)
  }

  @Test func `neither lose nor double an event when several hosts think that they lead`() async throws {
    try put("after", #"{"job": {"workflow": "v"}}"#)
    for _ in 0..<40 { _ = try desk.submit(workflow: "v") }
    try desk.work()
    let database = desk.own.database
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try await onOwnThread {
            let engine = Engine(database: database)
            for _ in 0..<5 { try engine.triggers.fire() }
          }
        }
      }
      try await group.waitForAll()
    }
    try triggers.fire()
    #expect(try jobs() == 40 && triggers.events("after", limit: 100).elements.count == 40)
  }
}
