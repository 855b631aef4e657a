import Glibc
import Runners
import Testing
import Workflow

/// Whatever a plugin does is one failed attempt, and its message names plugin, handler, task and cause.
@Suite struct `Failures of plugins` {
  struct Case: Sendable, CustomTestStringConvertible {
    var handler: String
    var params = "{}"
    var kind: Outcome.Kind
    var cause: String

    var testDescription: String { handler + params }
  }

  static let cases = [
    Case(handler: "segfault", kind: .crashed(signal: SIGSEGV), cause: "the runner crashed: SIGSEGV"),
    Case(handler: "abort", kind: .crashed(signal: SIGABRT), cause: "the runner crashed: SIGABRT"),
    Case(handler: "throw", kind: .crashed(signal: SIGABRT), cause: "the runner crashed: SIGABRT"),
    Case(handler: "stack", kind: .crashed(signal: SIGSEGV), cause: "the runner crashed: SIGSEGV"),
    Case(handler: "exit", kind: .exited(code: 0), cause: "the plugin ended its runner: exit(0)"),
    Case(handler: "exit", params: #"{"code":3}"#, kind: .exited(code: 3), cause: "the plugin ended its runner: exit(3)"),
    Case(
      handler: "close_all",
      kind: .protocolBroken("the runner's socket failed: the plugin closed it, or wrote into it"),
      cause: "the runner's socket failed: the plugin closed it, or wrote into it"),
    Case(
      handler: "garbage",
      kind: .protocolBroken("the runner sent a frame of kind 42405: the plugin wrote into the runner's socket"),
      cause: "the runner sent a frame of kind 42405: the plugin wrote into the runner's socket"),
    Case(
      handler: "forged",
      kind: .protocolBroken("the runner sent a broken outcome frame: it speaks of task number 4711, which is not in hand"),
      cause: "the runner sent a broken outcome frame: it speaks of task number 4711, which is not in hand"),
  ]

  @Test(arguments: cases) func `end the runner, and say how`(_ example: Case) throws {
    let outcome = try Make.outcome("broken." + example.handler, example.params)
    #expect(outcome.kind == example.kind)
    #expect(
      outcome.message
        == "plugin \"broken\", handler \"broken.\(example.handler)\", task 7/main/3: \(example.cause)")
    #expect(outcome.endedRunner)
  }

  @Test func `a loop without end is killed after its timeout and the grace period`() throws {
    let outcome = try Make.outcome("broken.spin", timeout: .milliseconds(200)) { $0.grace = .milliseconds(300) }
    #expect(outcome.kind == .timedOut)
    #expect(
      outcome.message
        == "plugin \"broken\", handler \"broken.spin\", task 7/main/3: exceeded its timeout of 200 ms and was killed")
    #expect(outcome.endedRunner)
    #expect(outcome.wall >= .milliseconds(500))
    #expect(outcome.cpu > .milliseconds(1))
  }

  @Test func `four GiB are refused long before they are there`() throws {
    let outcome = try Make.outcome("broken.hog", memoryMB: 256) { $0.memoryInterval = .milliseconds(10) }
    #expect(outcome.kind == .memory)
    #expect(outcome.message.hasPrefix("plugin \"broken\", handler \"broken.hog\", task 7/main/3: used "))
    #expect(outcome.message.hasSuffix(" MiB, over its limit of 256 MiB, and was killed"))
    #expect(outcome.peakMemoryKB < 3 << 20)
  }

  @Test(arguments: [
    ("large_result", "result: it has 1048578 bytes, at most 1 MiB is allowed"),
    ("bad_json", "result: not a JSON value"), ("bad_utf8", "result: not a JSON value"),
    ("deep_json", "result: not a JSON value"), ("bad_item", "emit: the item is not a JSON value"),
  ])
  func `a bad answer fails the task and leaves the runner`(handler: String, cause: String) throws {
    let outcome = try Make.outcome("broken." + handler)
    #expect(!outcome.endedRunner)
    #expect(outcome.kind != .completed)
    let said = outcome.message + (outcome.lastError.map(\.text) ?? "")
    #expect(said.contains(cause), "\(said)")
    #expect(outcome.result == nil)
  }

  @Test func `a status that is none is refused`() throws {
    let outcome = try Make.outcome("broken.status", #"{"status":999}"#)
    #expect(outcome.kind != .completed)
    #expect(outcome.message.contains("999"))
  }

  @Test func `a failure after which it emitted leaves nothing`() throws {
    let outcome = try Make.outcome("broken.emit_after_fail")
    #expect(outcome.kind == .failed(status: 200))
    #expect(outcome.message == "it failed, and then it emitted")
    #expect(outcome.itemCount == 0 && outcome.result == nil)
  }

  @Test func `what it prints becomes bounded lines of its log`() throws {
    let recorder = Recorder()
    let outcome = try Make.outcome("broken.print", #"{"kb":2048}"#, recorder: recorder) {
      $0.logBurst = 50
      $0.logRate = 1
    }
    #expect(outcome.kind == .completed)
    let lines = recorder.lines.filter { $0.source == .stdout || $0.source == .stderr }
    #expect(lines.count >= 50 && lines.count < 500)
    #expect(lines.allSatisfy { $0.message.utf8.count < 10_000 && $0.token == 3 && !$0.message.contains("\0") })
    #expect(lines.contains { $0.message.contains("\u{FFFD}") })
    #expect(recorder.lines.contains { $0.source == .host && $0.message.contains("log lines of this task were dropped") })
  }

  @Test func `a mess in its scratch is gone with the task`() throws {
    let outcome = try Make.outcome("broken.mess", #"{"target":"\#(Make.library("Noop"))"}"#)
    #expect(outcome.kind == .completed)
    #expect(access(Make.library("Noop"), R_OK) == 0)
  }

  @Test func `a program that it leaves behind is killed with its runner, or was never started`() throws {
    let outcome = try Make.outcome("broken.child")
    if outcome.kind == .completed, let pid = outcome.result?.member("pid")?.int {
      #expect(kill(Int32(pid), 0) != 0)
    } else {
      #expect(outcome.kind == .failed(status: 201))
    }
  }
}
