import Dispatch
import Glibc
import Runners
import Testing
import Workflow

@Suite struct `A pool of runners` {
  private func withPool(
    slots: Int = 1, recorder: Recorder = Recorder(), change: (inout RunnerConfiguration) -> Void = { _ in },
    _ body: (RunnerPool, Recorder) throws -> Void
  ) throws {
    var configuration = try Make.configuration()
    change(&configuration)
    let pool = try RunnerPool(slots: slots, configuration: configuration, delegate: recorder)
    defer { pool.stop(grace: .seconds(1)) }
    try body(pool, recorder)
  }

  @Test func `every task of many comes back once`() throws {
    try withPool(slots: 2) { pool, recorder in
      pool.submit((0..<5000).map { Make.task("noop.run", number: $0) }, build: Make.build("Noop"))
      #expect(recorder.wait { $0.outcomes.count >= 5000 })
      #expect(Set(recorder.outcomes.map(\.token)).count == 5000)
      #expect(recorder.outcomes.allSatisfy { $0.kind == .completed && $0.result?.text == "{}" })
    }
  }

  @Test func `params come back as they were sent`() throws {
    let outcome = try Make.outcome("noop.echo", #"{"a": 10.0, "b": "é😀\u0041", "c": [0.49]}"#)
    #expect(outcome.result?.text == #"{"a": 10.0, "b": "é😀\u0041", "c": [0.49]}"#)
  }

  @Test func `a crash behind quick tasks costs one attempt, and what waited in the socket comes back uncounted`() throws {
    try withPool { pool, recorder in
      // The pace is measured first, so that the next ones are pipelined.
      pool.submit((0..<40).map { Make.task("broken.status", #"{"status":0}"#, number: $0) }, build: Make.build("Broken"))
      #expect(recorder.wait { $0.outcomes.count >= 40 })
      #expect(recorder.outcomes.allSatisfy { $0.kind == .completed })
      pool.submit(
        (100..<120).map { Make.task("broken.status", #"{"status":0}"#, number: $0) }
          + [Make.task("broken.segfault", number: 121)],
        build: Make.build("Broken"))
      #expect(recorder.wait { $0.outcomes.count >= 61 })
      let crashed = recorder.outcomes.filter { $0.endedRunner }
      #expect(crashed.map(\.token) == [121])
      #expect(recorder.outcomes.allSatisfy { $0.kind == .completed || $0.kind == .returned || $0.token == 121 })
    }
  }

  @Test func `a runner that crashes between two tasks charges neither of them`() throws {
    try withPool { pool, recorder in
      pool.submit((0..<40).map { Make.task("broken.afterwards", number: $0) }, build: Make.build("Broken"))
      #expect(recorder.wait { $0.outcomes.count >= 40 })
      pool.submit(
        [Make.task("broken.afterwards", #"{"files":3000}"#, number: 100)]
          + (101..<106).map { Make.task("broken.afterwards", number: $0) },
        build: Make.build("Broken"))
      #expect(recorder.wait { $0.outcomes.count >= 46 })
      let last = recorder.outcomes.suffix(6)
      #expect(last.first { $0.token == 100 }?.kind == .completed)
      #expect(!last.contains { $0.endedRunner }, "\(last.map(\.message))")
      let returned = last.filter { $0.kind == .returned }
      #expect(returned.map(\.token).sorted() == [101, 102, 103, 104, 105], "what waited in the socket comes back uncounted")
      #expect(
        returned.first { $0.token == 101 }?.message
          == "plugin \"broken\", handler \"broken.afterwards\", task 7/main/101: had not started when its runner ended")
      #expect(recorder.lines.contains { $0.message == "its runner ended between two tasks: it crashed: SIGSEGV" })
    }
  }

  @Test func `a warm runner serves the next task, and leaves no folder behind`() throws {
    let scratch = "\(Make.scratch)-warm"
    try withPool(slots: 4, change: { $0.scratch = scratch }) { pool, recorder in
      for number in 0..<3 {
        pool.submit([Make.task("noop.run", number: number)], build: Make.build("Noop"))
        #expect(recorder.wait { $0.outcomes.count == number + 1 })
      }
      #expect(folders(in: scratch).count == 1)
      #expect(folders(in: "\(scratch)/\(folders(in: scratch)[0])").count == 1)
    }
    #expect(folders(in: scratch).isEmpty)
    rmdir(scratch)
  }

  /// A pool has one, and in it each of its runners.
  private func folders(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  @Test func `what a killed host left is removed by the next one`() throws {
    let scratch = "\(Make.scratch)-stale"
    mkdir(scratch, 0o711)
    mkdir("\(scratch)/4711-abc", 0o711)
    mkdir("\(scratch)/4711-abc/runner", 0o700)
    close(open("\(scratch)/4711-abc/runner/file", O_CREAT | O_WRONLY, 0o600))
    try withPool(change: { $0.scratch = scratch }) { pool, recorder in
      // Its runner is started by the thread that removes what is stale, afterwards.
      pool.submit([Make.task("noop.run", number: 1)], build: Make.build("Noop"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      #expect(!folders(in: scratch).contains("4711-abc"))
      #expect(folders(in: scratch).count == 1)
    }
    rmdir(scratch)
  }

  @Test func `a runner is replaced after so many tasks`() throws {
    try withPool(change: { $0.tasksPerRunner = 10 }) { pool, recorder in
      pool.submit((0..<100).map { Make.task("noop.run", number: $0) }, build: Make.build("Noop"))
      #expect(recorder.wait { $0.outcomes.count >= 100 })
      #expect(recorder.outcomes.allSatisfy { $0.kind == .completed })
    }
  }

  @Test func `an idle runner of another build makes room`() throws {
    try withPool { pool, recorder in
      pool.submit([Make.task("noop.run", number: 1)], build: Make.build("Noop"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      pool.submit([Make.task("broken.status", #"{"status":0}"#, number: 2)], build: Make.build("Broken"))
      #expect(recorder.wait { $0.outcomes.count == 2 })
      #expect(recorder.outcomes.map(\.kind) == [.completed, .completed])
    }
  }

  @Test func `two builds share one slot in turns`() throws {
    try withPool { pool, recorder in
      pool.submit((0..<200).map { Make.task("noop.sleep", #"{"ms":10}"#, number: $0) }, build: Make.build("Noop"))
      pool.submit([Make.task("broken.status", #"{"status":0}"#, number: 1000)], build: Make.build("Broken"))
      #expect(recorder.wait { $0.outcomes.count == 201 })
      #expect(recorder.outcomes.last?.token != 1000)
    }
  }

  @Test func `a runner program that is not there is said at once`() {
    #expect {
      _ = try RunnerConfiguration(hostVersion: "1", environment: ["WEIR_RUNNER": "/nowhere/weir-runner"])
    } throws: { error in
      (error as? RunnersError)?.description
        == "/nowhere/weir-runner: there is no such program, so no plugin can be loaded. "
        + "Build it (make build), or say where it is by WEIR_RUNNER."
    }
  }

  @Test func `a library that is not there fails one task, returns the others, and is tried again later`() throws {
    try withPool { pool, recorder in
      var build = Make.build("Noop")
      build.library = "/nowhere/libNoop.so"
      pool.submit((0..<3).map { Make.task("noop.run", number: $0) }, build: build)
      #expect(recorder.wait { $0.outcomes.count == 3 && $0.failures.count == 1 })
      let first = try #require(recorder.outcomes.first { $0.token == 0 })
      #expect(first.message.hasPrefix("plugin \"noop\", handler \"noop.run\", task 7/main/0: was not loaded: "))
      #expect(first.message.contains("/nowhere/libNoop.so"))
      #expect(!first.endedRunner)
      #expect(recorder.outcomes.count { $0.kind == .returned } == 2)
    }
  }

  @Test func `stopping gives back what has not started and loses what runs`() throws {
    let recorder = Recorder()
    let pool = try RunnerPool(slots: 1, configuration: try Make.configuration(), delegate: recorder)
    pool.submit((0..<3).map { Make.task("noop.sleep", #"{"ms":60000}"#, number: $0) }, build: Make.build("Noop"))
    pool.submit([Make.task("noop.run", number: 9)], build: Make.build("Noop"))
    _ = recorder.wait { _ in pool.taskCount == 4 }
    pool.stop(grace: .seconds(20))
    #expect(recorder.outcomes.count == 4)
    #expect(recorder.outcomes.allSatisfy { $0.kind == .returned || $0.kind == .lost })
  }

  @Test func `a stop reaches the tasks that wait in a runner's socket`() throws {
    let recorder = Recorder()
    let pool = try RunnerPool(slots: 1, configuration: try Make.configuration(), delegate: recorder)
    // The pace is measured first, so that the next ones are pipelined.
    pool.submit((0..<200).map { Make.task("noop.sleep", #"{"ms":0}"#, number: $0) }, build: Make.build("Noop"))
    #expect(recorder.wait { $0.outcomes.count == 200 })
    pool.submit((200..<206).map { Make.task("noop.sleep", #"{"ms":600000}"#, number: $0) }, build: Make.build("Noop"))
    _ = recorder.wait { _ in pool.taskCount == 6 }
    let hasStopped = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      pool.stop(grace: .seconds(600))
      hasStopped.signal()
    }
    #expect(recorder.wait { $0.outcomes.count == 206 }, "a task that waited was not told to stop")
    // one that was not told is still asleep, and would hold up the stop
    for number in 200..<206 { pool.cancel(token: Int64(number)) }
    hasStopped.wait()
    let stopped = recorder.outcomes.dropFirst(200)
    #expect(stopped.count { $0.kind == .lost } > 1, "\(stopped.map(\.message))")
    #expect(stopped.allSatisfy { $0.kind == .lost || $0.kind == .returned })
  }

  @Test func `can be stopped twice, and asked for something afterwards`() throws {
    let recorder = Recorder()
    let pool = try RunnerPool(slots: 1, configuration: try Make.configuration(), delegate: recorder)
    pool.stop(grace: .seconds(1))
    pool.stop(grace: .seconds(1))
    pool.submit([Make.task("noop.run")], build: Make.build("Noop"))
    pool.cancel(token: 3)
    pool.abandon()
    #expect(recorder.outcomes.isEmpty)
  }

  @Test func `abandoning kills at once`() throws {
    let recorder = Recorder()
    let pool = try RunnerPool(slots: 1, configuration: try Make.configuration(), delegate: recorder)
    pool.submit([Make.task("broken.print", #"{"kb":1}"#, number: 1)], build: Make.build("Broken"))
    #expect(recorder.wait { $0.outcomes.count == 1 })
    pool.submit([Make.task("broken.spin", number: 2)], build: Make.build("Broken"))
    pool.abandon()
    #expect(recorder.outcomes.count == 2)
    #expect([.lost, .returned].contains(recorder.outcomes[1].kind))
  }
}
