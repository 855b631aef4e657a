import Runners
import Synchronization
import Testing
import Workflow

@Suite struct `Calls of weir.sql/1 and weir.http/1` {
  private static let granted = ["weir.sql/1", "weir.http/1", "weir.storage/1"]

  /// Runs one handler of Caller and answers its calls.
  private func run(
    _ handler: String, _ answer: @escaping @Sendable (ServiceCall) -> Void
  ) throws -> Outcome {
    let recorder = Recorder { call in
      answer(call)
      return true
    }
    let pool = try RunnerPool(slots: 1, configuration: try Make.configuration(), delegate: recorder)
    defer { pool.stop(grace: .seconds(1)) }
    pool.submit([Make.task(handler, granted: Self.granted)], build: Make.build("Caller"))
    #expect(recorder.wait { $0.outcomes.count == 1 })
    return recorder.outcomes[0]
  }

  private static func reply(_ call: ServiceCall, _ write: (inout FrameWriter) -> Void) {
    var fields = FrameWriter()
    write(&fields)
    call.reply(fields: fields)
  }

  @Test func `carry a transaction with its values and a COPY in pieces`() throws {
    let seen = Mutex<[String]>([])
    let outcome = try run("caller.session") { call in
      var reader = call.reader
      do {
        switch call.code {
        case .begin:
          let (database, options) = (try reader.requiredText("database"), try reader.requiredText("options"))
          seen.withLock { $0.append("begin \(database) \(options)") }
          return Self.reply(call) { $0.unsigned(5) }
        case .exec:
          let (session, sql, count) = (try reader.unsigned(), try reader.requiredText("sql"), try reader.count(limit: 9))
          var sizes: [String] = []
          for _ in 0..<count { sizes.append(try reader.bytes().map { "\($0.count)" } ?? "NULL") }
          seen.withLock { $0.append("exec \(session) \(sql) \(sizes.joined(separator: " "))") }
          return Self.reply(call) { $0.text(#"{"rows":[]}"#) }
        case .copyData:
          let (session, data) = (try reader.unsigned(), try reader.bytes() ?? [])
          seen.withLock { $0.append("data \(session) \(data.count)") }
        case .copyEnd: return Self.reply(call) { $0.unsigned(17) }
        case .end:
          let (session, commit) = (try reader.unsigned(), try reader.unsigned())
          seen.withLock { $0.append("end \(session) \(commit)") }
        default: seen.withLock { $0.append(call.name) }
        }
        call.reply()
      } catch { call.refuse("\(error)") }
    }
    #expect(outcome.kind == .completed, "\(outcome.message)")
    #expect(outcome.result?.text == #"{"rows":[]}"#)
    #expect(
      seen.withLock { $0 } == [
        #"begin geo {"read_only":false}"#, "exec 5 SELECT $1, $2, $3, $4 1 0 NULL 102400", "sql.copy_in", "data 5 1048576",
        "data 5 1048576", "data 5 524288", "end 5 1",
      ])
  }

  @Test func `tell the host of everything that a handler left open`() throws {
    let next = Atomic<UInt64>(1)
    let ended = Mutex<[String]>([])
    let outcome = try run("caller.leave_all") { call in
      if call.code == .begin || call.code == .openWrite {
        return Self.reply(call) { $0.unsigned(next.wrappingAdd(1, ordering: .relaxed).oldValue) }
      }
      var reader = call.reader
      let fields = (try? reader.unsigned(), try? reader.unsigned())
      ended.withLock { $0.append("\(call.name) \(fields.0 ?? 0) \(fields.1 ?? 9)") }
      call.reply()
    }
    #expect(outcome.kind == .completed, "\(outcome.message)")
    #expect(ended.withLock { $0.sorted() } == ["sql.end 1 0", "sql.end 3 0", "storage.close 2 0", "storage.close 4 0"])
  }

  @Test func `bring what came with a failure`() throws {
    let outcome = try run("caller.request") { call in
      guard call.code == .request else { return Self.reply(call) { $0.text("{}") } }
      var fields = FrameWriter()
      fields.text(#"{"status":404}"#)
      fields.text("gone")
      call.refuse("not there", status: 202, more: [("http_status", 404)], fields: fields)
    }
    #expect(outcome.kind == .completed, "\(outcome.message)")
    #expect(outcome.result?.text == #"{"status":202,"head":{"status":404},"size":4}"#)
  }

  @Test func `carry what else a failure has to say`() throws {
    let outcome = try run("caller.request") { call in
      call.refuse("not today", status: 103, more: [("retry_after_ms", 1500)])
    }
    #expect(outcome.kind == .failed(status: 103))
    #expect(outcome.lastError?.text == #"{"call":"http.to_object","status":103,"message":"not today","retry_after_ms":1500}"#)
  }
}
