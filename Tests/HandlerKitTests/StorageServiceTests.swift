import HandlerKit
import HandlerStub
import Testing

@Suite struct `Storage in Swift` {
  @Test func `writes, reads, lists and removes`() {
    let host = ProbeWork.host()
    let ended = ProbeWork.call(host) { _, task in
      let storage = task.storage
      try storage.makeContainer("silver")
      let head = try storage.write("silver", "a/b.txt", Array("hello".utf8))
      #expect(head.size == 5)
      #expect(try storage.read("silver", "a/b.txt") == Array("hello".utf8))
      #expect(try storage.stat("silver", "a/b.txt") == head)
      #expect(try storage.find("silver", "a") == nil)
      let listing = try storage.list("silver", prefix: "a/")
      #expect(listing.objects.map(\.key) == ["a/b.txt"])
      #expect(listing.next == nil)
      try storage.remove("silver", "a/b.txt")
      #expect(try storage.list("silver").objects.isEmpty)
    }
    #expect(ended)
  }

  @Test func `reads many ranges with an answer for each`() {
    let host = ProbeWork.host()
    let ended = ProbeWork.call(host) { _, task in
      let head = try task.storage.write("c", "k", Array("0123456789".utf8))
      let answers = try task.storage.readMany([
        ReadRequest("c", "k", from: 2, size: 3), ReadRequest("c", "none"), ReadRequest("c", "k", etag: "other"),
        ReadRequest("c", "k", etag: head.etag, from: 8),
      ])
      #expect(answers.map { String(decoding: $0.bytes, as: UTF8.self) } == ["234", "", "", "89"])
      #expect(answers.map(\.failure) == [nil, .notFound, .conflict, nil])
      #expect(answers.map(\.total) == [10, 0, 0, 10])
    }
    #expect(ended)
  }

  @Test func `copies many and tells what failed`() {
    let host = ProbeWork.host()
    let ended = ProbeWork.call(host) { _, task in
      try task.storage.write("c", "k", [1, 2, 3])
      let report = try task.storage.copy(
        [ObjectCopy(from: "c", "k", to: "d", "k"), ObjectCopy(from: "c", "none", to: "d", "none")],
        options: WriteOptions(ifExists: .update), heads: true)
      #expect(report.done == 1 && report.skipped == 0 && report.bytes == 3)
      #expect(report.failures.map(\.index) == [1])
      #expect(report.failures.map(\.status) == [.notFound])
      #expect(report.heads.map { $0?.size } == [3, nil])
    }
    #expect(ended)
  }

  @Test func `streams both ways and shows nothing that was not committed`() {
    let host = ProbeWork.host()
    let ended = ProbeWork.call(host) { _, task in
      try task.storage.makeContainer("c")
      let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
      let stream = try task.storage.openWrite("c", "k")
      try stream.write(bytes[..<3000])
      try stream.write(bytes[3000...])
      #expect(try task.storage.find("c", "k") == nil)
      #expect(try stream.commit().size == 5000)
      #expect(throws: HandlerError.self) { try stream.write([1]) }
      let reading = try task.storage.openRead("c", "k")
      var all: [UInt8] = []
      while case let piece = try reading.read(999), !piece.isEmpty { all += piece }
      #expect(all == bytes)
      _ = try task.storage.openWrite("c", "never")
      #expect(try task.storage.find("c", "never") == nil)
    }
    #expect(ended)
    #expect(host.calls["close"] == 2)
  }

  @Test func `gives every buffer of the host back at once`() {
    let host = ProbeWork.host()
    let ended = ProbeWork.call(host) { _, task in
      try task.storage.write("c", "k", Array(repeating: 7, count: 100))
      for _ in 0..<100 { _ = try task.storage.read("c", "k") }
      for _ in 0..<10 { _ = try? task.storage.read("c", "none") }
    }
    #expect(ended)
    #expect(host.mostBuffers == 1)
  }
}
