import Database
import Engine
import Glibc
import TestSupport
import Testing
import Workflow

@Suite struct `Hosts and their leases` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private let elsewhere = HostIdentity(name: "elsewhere", machine: "another", pid: 7, process: "7")

  @Test func `a host renews until it has ended`() throws {
    try desk.engine.hosts.renew(desk.host)
    #expect(try desk.engine.views.hosts().map(\.state) == ["alive"])
    try desk.engine.hosts.end(desk.host)
    #expect(try desk.engine.views.hosts().map(\.state) == ["stopped"])
    #expect { try desk.engine.hosts.renew(desk.host) } throws: {
      ($0 as? EngineError)?.message == "host \(desk.host) was given up: its lease was not renewed in time"
    }
  }

  @Test func `a host renews while all its connections are in use, and gives up soon when the row is locked`() throws {
    let own = desk.own
    var configuration = own.database.configuration
    (configuration.poolSize, configuration.poolTimeout) = (1, .milliseconds(1))
    let engine = Engine(database: Database(configuration), lease: .milliseconds(600))
    try engine.database.transaction { tx in
      #expect(throws: DatabaseError.self) { try engine.hosts.announce() }
      try engine.hosts.renew(desk.host)
      try tx.execute("UPDATE hosts SET slots = slots WHERE id = \(desk.host)")
      #expect { try engine.hosts.renew(desk.host) } throws: { ($0 as? DatabaseError)?.sqlstate == "57014" }
    }
    try engine.hosts.renew(desk.host)
  }

  @Test func `the list of hosts says which build of a handler each has, and which host is stopping`() throws {
    var newer = Desk.known("test.a")
    (newer.libraryHash, newer.version, newer.pluginVersion) = ("h2", "1.1.0", "2.0.0")
    try desk.engine.catalog.put([newer])
    let second = try desk.engine.hosts.register(
      HostIdentity(name: "there", machine: "m2", pid: 1, process: "1"), version: "2", slots: 1,
      offers: [Offer(handler: "test.a", libraryHash: "h2")])
    let hosts = try desk.engine.views.hosts()
    #expect(hosts.map(\.id) == [second, desk.host] && hosts.map(\.version) == ["2", "1"])
    #expect(
      hosts[0].handlers == [
        OfferView(name: "test.a", version: "1.1.0", plugin: "test", pluginVersion: "2.0.0", libraryHash: "h2")
      ])
    #expect(hosts[1].handlers.map(\.name) == Desk.handlers && hosts[1].handlers.allSatisfy { $0.libraryHash == "h" })
    try desk.engine.hosts.drain(second)
    #expect(try desk.engine.views.hosts().map(\.state) == ["stopping", "alive"])
  }

  @Test func `a host whose lease ran out is given up, and its tasks go on, uncounted`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(3))
    let tasks = try desk.claim()
    #expect(try desk.engine.rescuer.rescue(seenFrom: elsewhere) == 0)
    try desk.execute("UPDATE hosts SET lease_until = now() - interval '1 second'")
    #expect(try desk.engine.views.hosts().map(\.state) == ["late"])
    #expect(try desk.engine.rescuer.rescue(seenFrom: elsewhere) == 3)
    #expect(throws: EngineError.self) { try desk.engine.hosts.renew(desk.host) }
    #expect(try desk.complete(tasks.map { $0.done() }).stale.count == 3)
    let again = try desk.claim()
    #expect(again.count == 3 && again.allSatisfy { $0.attempt == 2 && $0.failures == 0 && $0.kills == 0 })
    let view = try desk.engine.views.tasks(job: job, stage: "a", .init()).elements[0]
    #expect(view.outcome == "lost")
    #expect(view.message == #"handler "test.a", task \#(job)/a/0: its host "here" ended while it ran"#)
  }

  @Test func `a handler that is not idempotent is not tried again`() throws {
    let job = try desk.job(#"[{"id": "a", "handler": "test.c"}]"#)
    _ = try desk.claim()
    try desk.execute("UPDATE hosts SET lease_until = now() - interval '1 second'")
    #expect(try desk.engine.rescuer.rescue(seenFrom: elsewhere) == 1)
    #expect(try desk.job(job).state == .failed)
    #expect(
      try desk.engine.views.failures(job: job).failedTasks.map(\.task.message) == [
        #"handler "test.c", task \#(job)/a/0: its host "here" ended while it ran; the handler is not idempotent, so it is not tried again"#
      ])
  }

  @Test func `tasks of a process of this machine that is gone are taken over at once`() throws {
    _ = try desk.job(Sample.one)
    let here = HostIdentity.current()
    var gone = here
    (gone.pid, gone.process) = (1 << 22, "1")
    let host = try desk.engine.hosts.register(gone, version: "1", slots: 1, offers: [Offer(handler: "test.a", libraryHash: "h")])
    #expect(try desk.engine.queue.claim(host: host, handlers: ["test.a"], limit: 5).count == 1)
    #expect(try desk.engine.rescuer.rescue(seenFrom: here) == 1)
    #expect(try desk.claim().count == 1)
  }

  @Test func `a process is gone when its pid is another's, and never when it runs or is on another machine`() {
    let here = HostIdentity.current()
    #expect(!here.isGone(seenFrom: here))
    var successor = here
    successor.process = "1"
    #expect(successor.isGone(seenFrom: here))
    var away = successor
    away.machine = "another"
    #expect(!away.isGone(seenFrom: here))
  }

  @Test func `containers of one machine, which count their pids apart, are machines of their own`() throws {
    var buffer = [CChar](repeating: 0, count: 64)
    let count = readlink("/proc/self/ns/pid", &buffer, buffer.count)
    let space = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #expect(space.hasPrefix("pid:[") && HostIdentity.current().machine.hasSuffix(" " + space))
  }

  @Test func `rescuers at the same time take each task over once`() async throws {
    let job = try desk.job(Sample.array(), params: Sample.list(2500))
    _ = try desk.claim()
    try desk.execute("UPDATE hosts SET lease_until = now() - interval '1 second'")
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<3 {
        group.addTask { [desk] in
          try await onOwnThread { try desk.engine.rescuer.rescue(seenFrom: HostIdentity(name: "e", machine: "e", pid: 1, process: "e")) }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.reduce(0, +) == 2500)
    #expect(try desk.countersHold(try desk.stage(job, "a").key))
    #expect(try desk.claim().count == 2500)
  }
}
