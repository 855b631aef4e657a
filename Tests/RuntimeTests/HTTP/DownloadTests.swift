import Engine
import Glibc
import Runners
import Synchronization
import TestSupport
import Testing
import Workflow

@testable import Runtime

/// A file that a server offers with ranges, over connections that break.
private struct OddFile: Sendable {
  var bytes: [UInt8]
  var etag: String?
  /// Bytes after which each answer is cut; nil: none is.
  var cut: Int?

  func answer(_ request: OddServer.Request) -> OddServer.Reply {
    var headers: [(String, String)] = [("Accept-Ranges", "bytes")]
    if let etag { headers.append(("ETag", etag)) }
    if let range = request.headers["range"], request.headers["if-range"] == nil || request.headers["if-range"] == etag,
      let from = Int(range.dropFirst("bytes=".count).dropLast())
    {
      headers.append(("Content-Range", "bytes \(from)-\(bytes.count - 1)/\(bytes.count)"))
      return OddServer.Reply(206, headers, body: Array(bytes[from...]), cutAfter: cut)
    }
    return OddServer.Reply(200, headers, body: bytes, cutAfter: cut)
  }

  static func make(_ count: Int, salt: UInt8 = 0) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) ^ salt } }
}

@Suite struct `A download` {
  let http: HTTPHouse

  init() throws { http = try HTTPHouse() }

  private func request(_ server: OddServer, _ more: String = "") -> String {
    #"{"url": "\#(server.url)/file", "container": "silver", "key": "a.bin"\#(more)}"#
  }

  @Test func `goes into an object of a container, and its head comes back`() async throws {
    let file = OddFile(bytes: OddFile.make(3_000_000), etag: "\"v1\"")
    let server = OddServer { request, _ in file.answer(request) }
    let job = try await http.download(request(server))
    #expect(job.kind == .completed)
    #expect(http.stored("a.bin") == file.bytes)
    let result = try #require(job.result)
    #expect(result.member("size")?.int == 3_000_000 && result.member("headers")?.member("etag")?.string == "\"v1\"")
    #expect(result.member("status")?.int == 200 && result.member("url")?.string == "\(server.url)/file")
  }

  @Test func `goes on where it was cut while the ETag holds`() async throws {
    let file = OddFile(bytes: OddFile.make(1_900_000), etag: "\"v1\"", cut: 600_000)
    let server = OddServer { request, _ in file.answer(request) }
    let job = try await http.download(request(server))
    #expect(job.kind == .completed, "\(job.message)")
    #expect(http.stored("a.bin") == file.bytes)
    let from = server.requests.map { $0.headers["range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0 }
    #expect(from.count > 2 && from == from.sorted() && Set(from).count == from.count, "\(from)")
    #expect(server.requests.dropFirst().allSatisfy { $0.headers["if-range"] == "\"v1\"" })
  }

  @Test func `starts over when the ETag has changed, and mixes nothing`() async throws {
    let server = OddServer { request, number in
      OddFile(
        bytes: OddFile.make(500_000, salt: number == 0 ? 0 : 9), etag: number == 0 ? "\"v1\"" : "\"v2\"", cut: number == 0 ? 200_000 : nil
      )
      .answer(request)
    }
    let job = try await http.download(request(server))
    #expect(job.kind == .completed)
    #expect(http.stored("a.bin") == OddFile.make(500_000, salt: 9))
  }

  @Test(arguments: [nil, "W/\"v1\""])
  func `without a strong ETag starts over after a cut`(etag: String?) async throws {
    let server = OddServer { request, number in
      OddFile(bytes: OddFile.make(500_000), etag: etag, cut: number == 0 ? 200_000 : nil).answer(request)
    }
    let job = try await http.download(request(server))
    #expect(job.kind == .completed)
    #expect(http.stored("a.bin") == OddFile.make(500_000))
    #expect(server.requests.allSatisfy { $0.headers["range"] == nil })
  }

  @Test func `goes on in the task's next attempt with what an earlier one got`() async throws {
    let house = try House()
    let plugin = try house.plugin("Scripted", House.scripted, grants: HTTPHouse.grants())
    let bytes = OddFile.make(1_000_000)
    let server = OddServer { request, number in
      // the first attempt's four tries: a part, and then nothing more
      if (1...4).contains(number) { return OddServer.Reply(503, text: "storm") }
      return OddFile(bytes: bytes, etag: "\"v1\"", cut: number == 0 ? 800_000 : nil).answer(request)
    }
    let partials = "\(house.folder.path)/partials"
    let job = try await house.run(
      #"[{"id": "a", "handler": "scripted.download", "params": \#(request(server))}]"#, on: [plugin],
      http: HTTPHouse.configuration(partials: partials))
    #expect(job.state == .completed, "\(house.said(job.id, "a"))")
    #expect(house.workshop.bytes("silver/a.bin") == bytes)
    let from = server.requests.map { $0.headers["range"] }
    #expect(from[0] == nil && from[1] != nil && from[1] == from[5], "\(from)")
    #expect(server.requests.count == 6)
    #expect(FileNames.of(partials) == [])
  }

  @Test func `of which nothing came but a part leaves no object`() async throws {
    let server = OddServer { _, _ in OddServer.Reply(200, body: OddFile.make(1000), claims: 2000) }
    let job = try await http.download(request(server))
    #expect(job.kind != .completed && http.stored("a.bin") == nil)
    #expect(job.message.contains("the connection was cut"), "\(job.message)")
    #expect(job.details?.member("retry_after_ms") != nil)
  }

  @Test func `of a server that lies about a part starts over`() async throws {
    let bytes = OddFile.make(1_200_000)
    let server = OddServer { request, number in
      if request.headers["range"] != nil {
        return OddServer.Reply(206, [("ETag", "\"v1\""), ("Content-Range", "bytes 0-1199999/1200000")], body: bytes)
      }
      return OddFile(bytes: bytes, etag: "\"v1\"", cut: number == 0 ? 800_000 : nil).answer(request)
    }
    let job = try await http.download(request(server))
    #expect(job.kind == .completed && http.stored("a.bin") == bytes)
    #expect(server.requests.map { $0.headers["range"] != nil } == [false, true, false])
  }

  @Test func `that is not modified writes nothing`() async throws {
    let server = OddServer { _, _ in OddServer.Reply(304, [("ETag", "\"v1\"")]) }
    let job = try await http.download(request(server, #", "headers": {"If-None-Match": "\"v1\""}"#))
    #expect(job.kind == .completed && http.stored("a.bin") == nil)
    #expect(job.result?.member("size") == nil && job.result?.member("status")?.int == 304)
    #expect(server.requests[0].headers["if-none-match"] == "\"v1\"")
  }

  @Test(arguments: [404, 403, 500])
  func `of no success writes nothing`(status: Int) async throws {
    let server = OddServer { _, _ in OddServer.Reply(status, text: "<html>") }
    let job = try await http.download(request(server))
    #expect(job.kind != .completed && http.stored("a.bin") == nil)
    #expect(job.details?.member("http_status")?.int == status)
  }

  @Test(arguments: [false, true])
  func `larger than it may be ends, and leaves no object`(isOpenEnded: Bool) async throws {
    let server = OddServer { _, _ in OddServer.Reply(200, body: OddFile.make(100_001), isOpenEnded: isOpenEnded) }
    let job = try await http.download(request(server, #", "max_bytes": 100000"#))
    #expect(job.kind != .completed && http.stored("a.bin") == nil)
    #expect(job.message.hasSuffix("/file: the answer is larger than 100000 bytes"), "\(job.message)")
  }

  @Test func `follows the options of a write`() async throws {
    let server = OddServer { _, number in OddServer.Reply(text: "version \(number)") }
    #expect(try await http.download(request(server)).kind == .completed)
    #expect(try await http.download(request(server, #", "if_exists": "fail""#)).kind != .completed)
    #expect(try await http.download(request(server, #", "if_exists": "skip""#)).kind == .completed)
    #expect(http.stored("a.bin") == Array("version 0".utf8))
    let wrong = String(repeating: "0", count: 64)
    #expect(try await http.download(request(server, #", "sha256": "\#(wrong)""#)).kind != .completed)
    #expect(http.stored("a.bin") == Array("version 0".utf8))
    #expect(try await http.download(request(server)).kind == .completed)
    #expect(http.stored("a.bin")?.starts(with: Array("version".utf8)) == true)
  }

  @Test(arguments: [
    (#""container": "gold""#, "gold: access is denied (the plugin's manifest does not grant weir.storage/1 to write it)"),
    (#""container": "silver", "key": "../a""#, ""),
    (#""container": "silver", "headers": {"Range": "bytes=1-"}"#, #"request: the header "Range" is the host's own"#),
  ])
  func `goes nowhere but where its plugin may write`(more: String, message: String) async throws {
    let server = OddServer { _, _ in OddServer.Reply(text: "x") }
    let job = try await http.download(#"{"url": "\#(server.url)", \#(more)}"#)
    #expect(job.kind != .completed && server.requests.isEmpty)
    #expect(job.message.contains(message), "\(job.message)")
  }

  @Test func `goes into the task's scratch without a container`() async throws {
    let server = OddServer { _, _ in OddServer.Reply(text: "12345") }
    let job = try await http.download(#"{"url": "\#(server.url)", "key": "a/b"}"#)
    #expect(job.result?.member("size")?.int == 5, "\(job.message)")
  }

  @Test func `tells its bytes as progress`() async throws {
    let bytes = OddFile.make(3_000_000)
    let server = OddServer { _, _ in OddServer.Reply(body: bytes) }
    let told = Mutex<[(UInt64, UInt64)]>([])
    let outcome = try await http.call("scripted.download", request(server), HTTPHouse.configuration()) { done, total, _ in
      told.withLock { $0.append((done, total)) }
    }
    #expect(outcome.kind == .completed, "\(outcome.message)")
    #expect(told.withLock { $0.last.map { $0 == (3_000_000, 3_000_000) } } == true)
  }
}

private enum FileNames {
  static func of(_ folder: String) -> [String] {
    var names: [String] = []
    guard let open = opendir(folder) else { return [] }
    defer { closedir(open) }
    while let entry = readdir(open) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}
