import Runners
import Testing
import Workflow

@Suite struct `Service calls` {
  private func withPool(_ recorder: Recorder, _ body: (RunnerPool) throws -> Void) throws {
    let pool = try RunnerPool(slots: 1, configuration: try Make.configuration(), delegate: recorder)
    defer { pool.stop(grace: .seconds(1)) }
    try body(pool)
  }

  private static func answerHead(_ call: ServiceCall) -> Bool {
    var reader = call.reader
    guard let container = try? reader.text(), container == "bronze", let key = try? reader.text() else { return false }
    var fields = FrameWriter()
    fields.text("{\"key\":\"\(key)\"}")
    call.reply(fields: fields)
    return true
  }

  @Test func `from eight threads each get their own answer`() throws {
    let recorder = Recorder(answer: Self.answerHead)
    try withPool(recorder) { pool in
      pool.submit([Make.task("caller.threads", granted: ["weir.storage/1"])], build: Make.build("Caller"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      #expect(recorder.outcomes[0].result?.text == #"{"wrong":0}"#, "\(recorder.outcomes[0].message)")
    }
  }

  @Test func `are refused without a grant`() throws {
    let recorder = Recorder()
    try withPool(recorder) { pool in
      pool.submit([Make.task("caller.granted")], build: Make.build("Caller"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      #expect(recorder.outcomes[0].result?.text == "false")
    }
  }

  @Test func `that fail carry the host's reason to the outcome`() throws {
    let recorder = Recorder { call in
      call.refuse("container \"bronze\" has no object \"a\"", status: 202)
      return true
    }
    try withPool(recorder) { pool in
      pool.submit([Make.task("caller.read", granted: ["weir.storage/1"])], build: Make.build("Caller"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      let outcome = recorder.outcomes[0]
      #expect(outcome.kind == .failed(status: 202))
      #expect(outcome.lastError?.member("call")?.string == "storage.read")
      #expect(outcome.lastError?.member("message")?.string == "container \"bronze\" has no object \"a\"")
    }
  }

  @Test func `that are dropped are answered all the same`() throws {
    let recorder = Recorder { _ in true }
    try withPool(recorder) { pool in
      pool.submit([Make.task("caller.read", granted: ["weir.storage/1"])], build: Make.build("Caller"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      #expect(recorder.outcomes[0].kind == .failed(status: 200))
    }
  }

  @Test func `end with the task's cancellation, and a late answer goes nowhere`() throws {
    let recorder = Recorder()
    try withPool(recorder) { pool in
      pool.submit([Make.task("caller.read", granted: ["weir.storage/1"])], build: Make.build("Caller"))
      #expect(recorder.wait { !$0.calls.isEmpty })
      pool.cancel(token: 3)
      #expect(recorder.wait { $0.outcomes.count == 1 })
      #expect(recorder.outcomes[0].kind == .cancelled)
      let call = try #require(recorder.takeCall())
      #expect(call.isCancelled)
      call.reply(fields: FrameWriter())
      pool.submit([Make.task("caller.granted", number: 4)], build: Make.build("Caller"))
      #expect(recorder.wait { $0.outcomes.count == 2 })
      #expect(recorder.outcomes[1].kind == .completed)
    }
  }

  @Test func `of a runner that is gone go nowhere`() throws {
    let recorder = Recorder()
    let pool = try RunnerPool(slots: 1, configuration: try Make.configuration(), delegate: recorder)
    pool.submit([Make.task("caller.read", granted: ["weir.storage/1"])], build: Make.build("Caller"))
    #expect(recorder.wait { !$0.calls.isEmpty })
    pool.abandon()
    #expect(recorder.outcomes.map(\.kind) == [.lost])
    let call = try #require(recorder.takeCall())
    #expect(call.isCancelled)
    call.reply(fields: FrameWriter())
  }

  @Test func `carry large answers whole`() throws {
    let recorder = Recorder { call in
      var fields = FrameWriter()
      fields.bytes([UInt8(ascii: "\"")] + [UInt8](repeating: 120, count: 1 << 19) + [UInt8(ascii: "\"")])
      call.reply(fields: fields)
      return true
    }
    try withPool(recorder) { pool in
      pool.submit([Make.task("caller.read", granted: ["weir.storage/1"])], build: Make.build("Caller"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      #expect(recorder.outcomes[0].result?.bytes.count == (1 << 19) + 2)
    }
  }
}

@Suite struct `Emitted items` {
  @Test func `arrive in chunks, all of them, and no more than the window without credit`() throws {
    let recorder = Recorder()
    let outcome = try Make.outcome("noop.emit", #"{"count":20000,"size":1000}"#, recorder: recorder)
    #expect(outcome.kind == .completed, "\(outcome.message)")
    #expect(recorder.chunks.reduce(outcome.itemCount) { $0 + $1.count } == 20000)
    let values = recorder.chunks.flatMap { NDJSON.split($0.ndjson) } + NDJSON.split(outcome.items)
    #expect(values.map { $0.member("n")?.int } == (0..<20000).map { $0 })
  }

  @Test func `without credit stop at the window until it comes`() throws {
    let recorder = Recorder(creditsChunks: false)
    let pool = try RunnerPool(slots: 1, configuration: try Make.configuration(), delegate: recorder)
    defer { pool.stop(grace: .seconds(1)) }
    pool.submit([Make.task("noop.emit", #"{"count":5000,"size":1000}"#)], build: Make.build("Noop"))
    #expect(recorder.wait { $0.chunks.count >= 7 })
    #expect(recorder.outcomes.isEmpty)
    var credited = 0
    while recorder.outcomes.isEmpty {
      let chunks = recorder.chunks
      chunks[credited...].forEach { $0.credit() }
      credited = chunks.count
      #expect(recorder.wait { $0.chunks.count > credited || !$0.outcomes.isEmpty })
    }
    #expect(recorder.chunks.reduce(recorder.outcomes[0].itemCount) { $0 + $1.count } == 5000)
  }
}
