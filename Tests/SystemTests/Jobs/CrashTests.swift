import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `A handler` {
    private static let crashing = """
      {"name": "crashing", "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": 100}},
        {"id": "use", "handler": "broken.picky", "needs": ["list"], "for_each": {"items_of": "list", "batch": 10},
         "params": {"batch": "${index}", "items": "${items}"}, "tolerate": "10"}]}
      """

    @Test func `that segfaults on one batch of ten costs that batch, and the job says which`() async throws {
      let place = try Place(plugins: [.noop, .broken], workflows: [Self.crashing])
      let host = try await place.serve()
      let id = try await host.submit("crashing")
      let job = try await host.end(of: id)
      #expect(job.state == "completed_with_errors", "\(job.serialized())")
      let tasks = job.stage("use")["tasks"] ?? .null
      #expect(tasks["completed"]?.intValue == 9)
      #expect(tasks["failed"]?.intValue == 1)
      #expect(job.stage("use")["failed_items"]?.intValue == 10)
      let failed = try await host.failures(of: id)["failed_tasks"]?.arrayValue?.first ?? .null
      #expect(failed["id"]?.stringValue == "\(id)/use/3")
      #expect(failed["outcome"]?.stringValue == "crashed")
      let message = failed["message"]?.stringValue ?? ""
      for part in ["org.weir.broken", "broken.picky", "\(id)/use/3", "SIGSEGV"] {
        #expect(message.contains(part), "\"\(message)\" does not name \(part)")
      }
      let missing = failed["items"] ?? .null
      #expect(missing["first"]?.intValue == 30, "\(failed.serialized())")
      #expect(missing["count"]?.intValue == 10)
      #expect(missing["values"]?.arrayValue?.compactMap { $0["n"]?.intValue } == Array(30..<40))
    }

    @Test func `that steals is refused everything that is the host's or another's`() async throws {
      let workflow = """
        {"name": "theft", "parameters": {"type": "object", "properties": {"pid": {}, "socket": {}, "folder": {}, "file": {}, "port": {}}}, "stages": [
          {"id": "steal", "handler": "broken.thief", "params": {"pid": "${params.pid}", "socket": "${params.socket}",
           "folder": "${params.folder}", "file": "${params.file}", "port": "${params.port}"}}]}
        """
      let place = try Place(plugins: [.broken], workflows: [workflow], sources: [:])
      let host = try await place.serve()
      place.write("secret", "a secret")
      let socket = place.own.url.removingPercentEncoding.split(separator: "host=").last?.prefix { $0 != "&" } ?? ""
      let id = try await host.submit(
        "theft",
        """
        {"pid": \(host.program.pid), "socket": "\(socket)/.s.PGSQL.5432", "folder": "\(place.folder.path)",
         "file": "\(place.folder.path)/secret", "port": \(host.port)}
        """)
      let job = try await host.end(of: id)
      #expect(job.state == "completed", "\(job.serialized())")
      let attempts = job.stage("steal")["result"]?.objectValue?.members ?? []
      #expect(attempts.count == 12, "\(attempts.map(\.key))")
      for (attempt, answer) in attempts { #expect(answer["allowed"]?.boolValue == false, "\(attempt): \(answer.serialized())") }
      #expect(try await host.get("/api/health").status == 200)
    }
  }
}

extension String {
  /// Without %XX, as libpq reads a URL's parts.
  fileprivate var removingPercentEncoding: String {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
