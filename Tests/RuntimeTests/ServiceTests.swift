import Engine
import Glibc
import Runners
import Runtime
import Synchronization
import TestSupport
import Testing
import Workflow

@Suite struct `Services of a host` {
  let house: House

  init() throws { house = try House() }

  private func write(_ path: String, _ text: String) throws {
    let file = try #require(fopen("\(house.folder.path)/\(path)", "w"))
    fputs(text, file)
    fclose(file)
    chmod("\(house.folder.path)/\(path)", 0o644)
  }

  @Test func `storage reads what is granted`() async throws {
    try write("bronze/a", #"{"read": true}"#)
    let plugin = try house.plugin("Caller", House.caller, grants: #"{"weir.storage/1": {"read": ["bronze"]}}"#)
    let job = try await house.run(#"[{"id": "a", "handler": "caller.read"}]"#, on: [plugin])
    #expect(job.state == .completed && job.stages[0].result?.text == #"{"read": true}"#)
  }

  @Test func `storage refuses what is not granted`() async throws {
    try write("bronze/a", "{}")
    let plugin = try house.plugin("Caller", House.caller, grants: #"{"weir.storage/1": {"read": ["gold*"]}}"#)
    let job = try await house.run(#"[{"id": "a", "handler": "caller.read"}]"#, on: [plugin])
    #expect(job.state == .failed)
    let task = try house.engine.views.tasks(job: job.id, stage: "a", .init()).elements[0]
    #expect(task.details?.text.contains("the plugin's manifest does not grant weir.storage/1 to read it") == true)
  }

  @Test func `a service without a grant is not there`() async throws {
    let plugin = try house.plugin("Caller", House.caller)
    let job = try await house.run(#"[{"id": "a", "handler": "caller.granted"}]"#, on: [plugin])
    #expect(job.stages[0].result?.text == "false")
  }

  @Test func `a copy says of each object whether it was written or in place`() async throws {
    for (path, text) in [("bronze/same", "as before"), ("silver/same", "as before"), ("bronze/new", "for the first time")] {
      try write(path, text)
    }
    let plugin = try house.plugin(
      "Caller", House.caller, grants: #"{"weir.storage/1": {"read": ["bronze"], "write": ["silver"]}}"#)
    let job = try await house.run(#"[{"id": "a", "handler": "caller.copy"}]"#, on: [plugin])
    let report = try #require(job.stages[0].result?.parsed())
    #expect(report["done"]?.intValue == 1 && report["skipped"]?.intValue == 1, "\(report.serialized())")
    let heads = try #require(report["heads"]?.arrayValue)
    #expect(heads.map { $0["written"]?.boolValue } == [false, true], "\(report.serialized())")
    #expect(heads.map { $0["size"]?.intValue } == [9, 18])
    #expect(heads.map { $0["url"]?.stringValue } == ["same", "new"].map { "file://\(house.folder.path)/silver/\($0)" })
  }

  @Test func `what an attempt leaves half written never appears`() async throws {
    let plugin = try house.plugin("Caller", House.caller, grants: #"{"weir.storage/1": {"write": ["silver"]}}"#)
    let job = try await house.run(#"[{"id": "a", "handler": "caller.leave"}]"#, on: [plugin])
    #expect(job.state == .completed)
    #expect(access("\(house.folder.path)/silver/left", F_OK) != 0)
    let open = try #require(opendir("/proc/self/fd"))
    defer { closedir(open) }
    while let entry = readdir(open) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var target = [UInt8](repeating: 0, count: 4096)
      let count = target.withUnsafeMutableBytes {
        readlink("/proc/self/fd/\(name)", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
      }
      let path = String(decoding: target.prefix(max(0, count)), as: UTF8.self)
      #expect(!path.hasPrefix("\(house.folder.path)/silver"), "a stream is still open")
    }
  }
}

@Suite struct `One call without a database` {
  @Test func `gives what a handler gave, with no database`() async throws {
    let house = try House()
    let plugin = try house.plugin("Noop", House.noop)
    let handler = try #require(plugin.handlers.first { $0.name == "noop.emit" })
    let lines = Mutex(0)
    let hearing = SingleCall.Hearing(
      onLog: { _ in }, onEmitted: { _, ndjson in lines.withLock { $0 += NDJSON.count(ndjson[...]) } }, onProgress: { _, _, _ in })
    let single = try house.single(handler)
    let outcome = try await onOwnThread { try single.make(params: Array(#"{"count": 20000}"#.utf8), hearing: hearing) }
    #expect(outcome.kind == .completed)
    #expect(lines.withLock { $0 } + outcome.itemCount == 20_000)
  }

  @Test func `refuses what needs a database`() async throws {
    let house = try House()
    let plugin = try house.plugin("Caller", House.caller)
    let single = try house.single(try #require(plugin.handlers.first { $0.name == "caller.remember" }))
    let hearing = SingleCall.Hearing(onLog: { _ in }, onEmitted: { _, _ in }, onProgress: { _, _, _ in })
    let outcome = try await onOwnThread { try single.make(params: Array("{}".utf8), hearing: hearing) }
    #expect(outcome.lastError?.member("message")?.string == "checkpoint.load needs a database: submit a job instead of `weir run`")
  }
}
