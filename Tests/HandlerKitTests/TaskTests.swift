import HandlerABI
import HandlerKit
import HandlerStub
import Synchronization
import Testing

@Suite struct `A task in Swift` {
  @Test func `gives the result of run, sorted and without escaped slashes`() {
    let host = ProbeWork.host()
    #expect(ProbeWork.call(host, #"{"n":3}"#) { _, _ in })
    #expect(host.result?.text == #"{"n":3,"url":"a/b"}"#)
    #expect(host.call(ProbeWork.plugin.entry, "kit.quiet", "{}"))
    #expect(host.result == nil)
  }

  @Test func `knows who it is and keeps the text of its params`() {
    let host = ProbeWork.host()
    host.attempt = 2
    host.attempts = 2
    host.config = #"{"k":0.10}"#
    let ended = ProbeWork.call(host, #"{"n": 1, "more": 10.0}"#) { _, task in
      #expect(task.jobID == "7" && task.stage == "stage" && task.id == "7/stage/0" && task.handler == "kit.probe")
      #expect(task.isLastAttempt)
      #expect(task.deadline == nil)
      #expect(task.params["more"]?.text == "10.0")
      #expect(task.config["k"]?.text == "0.10")
    }
    #expect(ended)
  }

  @Test(arguments: [
    ("{}", "params/n is missing.", "/n"), (#"{"n":"x"}"#, "params/n must be of type Int.", "/n"),
    (#"{"n":1,"list":[{"x":1},{"x":null}]}"#, "params/list/1/x must not be null.", "/list/1/x"),
  ])
  func `blames params that do not decode`(params: String, message: String, pointer: String) {
    let host = ProbeWork.host()
    #expect(!ProbeWork.call(host, params) { _, _ in })
    #expect(host.failure == StubFailure(WEIR_INVALID, message, details: #"{"pointer":"\#(pointer)"}"#))
  }

  @Test func `turns what is thrown into the reason of the failure`() {
    let host = ProbeWork.host()
    #expect(!ProbeWork.call(host) { _, _ in throw HandlerError.retry("busy", after: .milliseconds(1500)) })
    #expect(host.failure == StubFailure(WEIR_RETRY, "busy", details: #"{"retry_after_ms":1500}"#))
    #expect(!ProbeWork.call(host) { _, _ in throw CancellationError() })
    #expect(host.failure == StubFailure(WEIR_FAILED, "kit.probe: CancellationError()"))
    #expect(!ProbeWork.call(host) { _, task in _ = try task.storage.read("bronze", "a") })
    #expect(
      host.failure == StubFailure(WEIR_NOT_FOUND, "read bronze/a: bronze/a is not there"))
  }

  @Test func `checks without running`() {
    let host = ProbeWork.host()
    #expect(ProbeWork.call(host, check: true) { _, _ in Issue.record("run was called") })
    #expect(!ProbeWork.call(host, #"{"n":-1}"#, check: true) { _, _ in })
    #expect(host.failure?.message == "n is negative.")
  }

  @Test func `emits and rejects`() {
    let host = ProbeWork.host()
    let ended = ProbeWork.call(host) { _, task in
      try task.emit(Probe.Params(n: 2))
      try task.emit(JSONText(validating: "[10.0]"))
      try task.reject("a", .failed("no", details: .object(["x": .null])))
    }
    #expect(ended)
    #expect(host.items.map(\.text) == [#"{"n":2}"#, "[10.0]"])
    #expect(host.rejects == [StubReject("a", WEIR_FAILED, "no", details: #"{"x":null}"#)])
  }

  @Test func `does without services that were not granted, or says which one is missing`() {
    let host = ProbeWork.host(granted: [])
    let ended = ProbeWork.call(host) { _, task in
      task.log.info("nobody hears it")
      try task.progress.report(1, of: 2)
      try task.metrics.add("x", 1)
      try task.cancellation.check()
      #expect(!task.isGranted(.stac))
      _ = try task.stac.check([.null])
    }
    #expect(!ended)
    #expect(host.failure?.code == Int32(WEIR_DENIED))
    #expect(
      host.failure?.message
        == "kit.probe: weir.stac/1 was not granted. Declare it in the handler, and grant it in the plugin's manifest.")
  }

  @Test func `logs, reports, counts and keeps checkpoints`() {
    let host = ProbeWork.host()
    let ended = ProbeWork.call(host) { _, task in
      task.log.warning("careful", ["n": JSONText(1), "none": nil])
      try task.progress.report(1, of: 2, "half")
      try task.metrics.add("cells", 2)
      try task.metrics.add("cells", 0.5, labels: ["band": "red"])
      #expect(try task.checkpoint.load() == nil)
      try task.checkpoint.save([1, 2])
      #expect(try task.checkpoint.load() == [1, 2])
    }
    #expect(ended)
    #expect(host.lines == [#"2 careful {"n":1}"#])
    #expect(host.progress == [1])
    #expect(host.metrics == ["cells": 2.5])
  }

  @Test func `ends when it is cancelled`() {
    let host = ProbeWork.host()
    host.cancelReason = 2
    #expect(!ProbeWork.call(host) { _, task in try task.cancellation.check() })
    #expect(host.failure == StubFailure(WEIR_CANCELLED, "cancelled: deadline"))
  }

  @Test func `is of no use after run`() throws {
    let kept = Mutex<Kept?>(nil)
    let host = ProbeWork.host()
    #expect(ProbeWork.call(host) { _, task in kept.withLock { $0 = Kept(task: task) } })
    let task = try #require(kept.withLock { $0 }).task
    #expect(throws: HandlerError.self) { try task.emit(.null) }
    #expect(throws: HandlerError.self) { _ = try task.storage.read("a", "b") }
    task.log.info("nothing happens")
    #expect(host.items.isEmpty)
  }

  private struct Kept: @unchecked Sendable {  // used by one thread after the other
    let task: Task
  }
}
