import Database
import Engine
import Runtime
import TestSupport
import Testing
import Workflow

@Suite struct `A host's patience` {
  @Test func `ends with a build that ends runners, until it is released`() async throws {
    let house = try House(quarantineAfter: 2)
    try await onOwnThread {
      let host = try house.host([try house.plugin("Broken", House.broken)])
      defer { host.stop() }
      let job = try house.submit(
        #"[{"id": "a", "handler": "broken.segfault", "tolerate": "100", "for_each": {"array": "${params.list}"}}]"#,
        params: #"{"list": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}"#)
      func isQuiet() throws -> Bool {
        try house.engine.quarantines.list().count == 1 && house.number("SELECT count(*) FROM leases") == 0
      }
      #expect(try until { try isQuiet() })
      let view = try house.engine.views.job(job)
      #expect(view.state == .running && view.waitingReason?.code == "quarantined")
      #expect(view.stages[0].counts.failed < 12)
      func attempts() throws -> Int { try house.number("SELECT count(*) FROM attempts") }
      let before = try attempts()
      let build = try #require(try house.engine.quarantines.list().first)
      #expect(build.plugin == "org.weir.broken" && build.message?.hasSuffix("the runner crashed: SIGSEGV") == true)
      _ = try house.engine.quarantines.release(build.libraryHash, by: .system)
      host.poke()
      #expect(
        try until {
          try attempts() > before && isQuiet() || house.engine.views.job(job).state.isFinal
        })
      try house.engine.control.cancel(job, by: .system)
      #expect(try house.finished(job).state.isFinal)
    }
  }

  @Test func `ends with a handler that makes no progress, and its slot works again`() async throws {
    let house = try House(grace: .milliseconds(200))
    try await onOwnThread {
      let plugins = [try house.plugin("Broken", House.broken), try house.plugin("Noop", House.noop)]
      let host = try house.host(plugins, slots: 1)
      defer { host.stop() }
      let job = try house.submit(
        #"[{"id": "a", "handler": "broken.spin", "progress_timeout": "100ms", "retry": {"attempts": 1}}]"#)
      #expect(try house.finished(job).state == .failed)
      let messages = try house.messages(job, "a")
      #expect(
        messages == [
          #"plugin "org.weir.broken", handler "broken.spin", task \#(job)/a/0: made no progress for 100 ms and was killed"#
        ])
      let next = try house.submit(#"[{"id": "a", "handler": "noop.run"}]"#)
      #expect(try house.finished(next).state == .completed)
    }
  }

  @Test func `ends with a job past its deadline, and with a task that waits too long`() async throws {
    let house = try House(grace: .seconds(600))
    try await onOwnThread {
      let host = try house.host([try house.plugin("Broken", House.broken)], slots: 1)
      defer { host.stop() }
      let job = try house.submit(#"[{"id": "a", "handler": "broken.spin"}]"#, more: #""deadline": "2s","#)
      try until { try house.engine.views.job(job).stages[0].counts.running == 1 }
      let waiting = try house.submit(#"[{"id": "a", "handler": "broken.print", "queue_timeout": "100ms"}]"#)
      #expect(try house.finished(waiting).state == .failed)
      let messages = try house.messages(waiting, "a")
      #expect(messages == [#"handler "broken.print", task \#(waiting)/a/0: waited in the queue for longer than 100ms (queue_timeout)"#])
      let view = try house.finished(job)
      #expect(view.state == .failed && view.error == "it was not done within its deadline of 2s")
      let tasks = try house.engine.views.tasks(job: job, stage: "a", .init()).elements
      #expect(tasks[0].message?.hasSuffix("was cancelled and killed at once") == true)
    }
  }
}
