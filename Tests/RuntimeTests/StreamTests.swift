import Engine
import Glibc
import Synchronization
import TestSupport
import Testing
import Workflow

@testable import Runners
@testable import Runtime

@Suite struct `The streams of an attempt` {
  @Test(arguments: ["open_write", "open_read"])
  func `one that is opened when the attempt has ended is closed again`(name: String) async throws {
    let house = try House()
    let path = "\(house.folder.path)/silver/late"
    if name == "open_read" {
      let file = try #require(fopen(path, "w"))
      fclose(file)
    }
    let plugin = try house.plugin(
      "Caller", House.caller, grants: #"{"weir.storage/1": {"read": ["silver"], "write": ["silver"]}}"#)
    let service = StorageService(containers: try house.workshop.containers)
    let answers = Mutex<[[UInt8]]>([])
    var fields = FrameWriter()
    for text in ["silver", "late"] { fields.bytes(text.utf8) }
    fields.bytes([UInt8]?.none)
    let call = ServiceCall(
      token: 7, code: name == "open_write" ? .openWrite : .openRead, payload: fields.bytes, scratch: house.folder.path
    ) { answer in answers.withLock { $0.append(answer.head) } }
    // as the pool does when a task ends whose call still waits for a thread
    call.cancel()
    service.ended(7)
    service.answer(call, grants: plugin.handlers[0].grants)
    #expect(service.streams.end(7).isEmpty, "nobody would ever close it")
    let text = String(decoding: try #require(answers.withLock { $0.first }), as: UTF8.self)
    #expect(text.contains("cancelled"), "\(text)")
    #expect(name == "open_read" || access(path, F_OK) != 0)
  }
}
