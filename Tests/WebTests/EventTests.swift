import Foundation
import Logging
import NIOCore
import Synchronization
import TestSupport
import Testing
import Workflow

@testable import Web

@Suite struct `Event streams` {
  /// What is read, which the test changes, and how often it was.
  private final class Source: Sendable {
    let state = Mutex((parts: [("one", "1"), ("two", "2")], readings: 0))

    var readings: Int { state.withLock { $0.readings } }

    func set(_ parts: [(String, String)]) { state.withLock { $0.parts = parts } }

    func read() -> EventHub.Parts {
      state.withLock { state in
        state.readings += 1
        return state.parts.map { (name: $0.0, html: HTML(escaping: $0.1)) }
      }
    }
  }

  private static func hub(_ source: Source, interval: Duration = .seconds(600), most: Int = 100, topics: Int = 10) -> EventHub {
    EventHub(
      threads: BlockingThreads(limit: 2), interval: interval, mostViewers: most, mostTopics: topics, start: "s",
      logger: TestServer.quiet
    ) { _, _ in source.read() }
  }

  /// The next text that is no opening, nor the sign of life of a quarter of a minute: the suite keeps a machine busy.
  private static func next(_ events: inout AsyncStream<ByteBuffer>.Iterator) async -> String? {
    while let bytes = await events.next() {
      let text = String(buffer: bytes)
      if !text.hasPrefix("retry:"), !text.hasPrefix(":") { return text }
    }
    return nil
  }

  @Test func `tell a newcomer everything, and then what has changed`() async throws {
    let source = Source()
    let hub = Self.hub(source)
    var events = try hub.join(.hosts).events.makeAsyncIterator()
    #expect(await Self.next(&events) == "event: one\ndata: 1\n\nevent: two\ndata: 2\nid: s-1\n\n")
    source.set([("one", "1"), ("two", "<3>\nlines")])
    hub.wake()
    #expect(await Self.next(&events) == "event: two\ndata: &lt;3&gt;\ndata: lines\nid: s-2\n\n")
    hub.close()
    #expect(await events.next() == nil)
  }

  @Test func `read once for all who look at the same`() async throws {
    let source = Source()
    let hub = Self.hub(source)
    var first = try hub.join(.hosts).events.makeAsyncIterator()
    #expect(await Self.next(&first) != nil)
    let before = source.readings
    let others = try (0..<50).map { _ in try hub.join(.hosts) }
    for other in others {
      var events = other.events.makeAsyncIterator()
      #expect(await Self.next(&events)?.hasSuffix("id: s-1\n\n") == true)
    }
    #expect(source.readings == before, "what was read for the first was read again for others")
    source.set([("one", "9")])
    hub.wake()
    #expect(await Self.next(&first) == "event: one\ndata: 9\nid: s-2\n\n")
    #expect(source.readings == before + 1)
    hub.close()
  }

  @Test func `hand the same bytes to all, to those who come and to those who are there`() async throws {
    let source = Source()
    let hub = Self.hub(source)
    var first = try hub.join(.hosts).events.makeAsyncIterator()
    _ = await Self.next(&first)
    var others = try (0..<3).map { _ in try hub.join(.hosts).events.makeAsyncIterator() }
    var places: Set<UInt> = []
    for index in others.indices { places.insert(try await Self.place(&others[index])) }
    #expect(places.count == 1, "each newcomer had bytes of his own")
    source.set([("one", String(repeating: "much ", count: 5_000))])
    hub.wake()
    places = [try await Self.place(&first)]
    for index in others.indices { places.insert(try await Self.place(&others[index])) }
    #expect(places.count == 1, "what changed was written once for each viewer")
    hub.close()
  }

  /// Where in memory the next bytes are that `next` would tell.
  private static func place(_ events: inout AsyncStream<ByteBuffer>.Iterator) async throws -> UInt {
    while let bytes = await events.next() {
      let text = String(buffer: bytes)
      if text.hasPrefix("retry:") || text.hasPrefix(":") { continue }
      return bytes.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
    }
    throw HTTPExchange.Failure("the stream has ended")
  }

  @Test func `say nothing when nothing has changed`() async throws {
    let source = Source()
    let hub = Self.hub(source)
    var events = try hub.join(.hosts).events.makeAsyncIterator()
    #expect(await Self.next(&events)?.hasSuffix("id: s-1\n\n") == true)
    let before = source.readings
    for round in 1...3 {
      hub.wake()
      #expect(try await onOwnThread { until { source.readings == before + round } })
    }
    source.set([("one", "1"), ("two", "")])
    hub.wake()
    #expect(await Self.next(&events) == "event: two\ndata:\nid: s-2\n\n", "something was told between")
    hub.close()
  }

  @Test func `tell one who comes again only what he has missed`() async throws {
    let source = Source()
    let hub = Self.hub(source)
    var first = try hub.join(.hosts).events.makeAsyncIterator()
    _ = await Self.next(&first)
    var second = try hub.join(.hosts, lastSeen: "s-1").events.makeAsyncIterator()
    source.set([("one", "new")])
    hub.wake()
    #expect(await Self.next(&second) == "event: one\ndata: new\nid: s-2\n\n")
    var third = try hub.join(.hosts, lastSeen: "s-1").events.makeAsyncIterator()
    #expect(await Self.next(&third) == "event: one\ndata: new\n\nevent: two\ndata: 2\nid: s-2\n\n")
    hub.close()
  }

  @Test func `drop a viewer who takes nothing, and free his place`() async throws {
    let source = Source()
    let hub = Self.hub(source, most: 2)
    var taking = try hub.join(.hosts).events.makeAsyncIterator()
    let slow = try hub.join(.hosts)
    #expect(throws: Web.Problem.self) { try hub.join(.hosts) }
    _ = await Self.next(&taking)
    for round in 0..<20 {
      source.set([("one", "round \(round)")])
      hub.wake()
      #expect(await Self.next(&taking) != nil)
    }
    #expect(hub.viewers == 1)
    withExtendedLifetime(slow) {}
    #expect(throws: Never.self) { try hub.join(.hosts) }
    hub.close()
  }

  @Test func `refuse more different pages than may be read at a time`() throws {
    let hub = Self.hub(Source(), topics: 2)
    let viewers = try [hub.join(.job(1)), hub.join(.job(2)), hub.join(.job(2))]
    #expect(throws: Web.Problem.self) { try hub.join(.job(3)) }
    viewers[0].end()
    #expect(throws: Never.self) { try hub.join(.job(3)) }
    hub.close()
  }

  @Test func `reach a browser, and give its place back when it goes away`() async throws {
    try await TestServer.with(token: "the-configured-one") { server in
      let half = try await server.halfDone()
      let path = "/api/interface/jobs/\(half.job)/events"
      let text = try await onOwnThread { [port = server.port] in
        try Self.stream(port: port, path, until: "event: charts")
      }
      #expect(text.contains("Content-Type: text/event-stream") && text.contains("X-Accel-Buffering: no"), "\(text.prefix(600))")
      #expect(text.contains("event: head\ndata: ") && text.contains("retry: 2000\n\n"))
      #expect(!text.contains("<img"))
      #expect(try await onOwnThread { until { server.viewers == 0 } })
    }
  }

  /// Reads a stream until it holds `words`, then goes away.
  private static func stream(port: Int, _ path: String, until words: String) throws -> String {
    let descriptor = try HTTPExchange.connect(port: port)
    defer { close(descriptor) }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer the-configured-one\r\n\r\n".utf8)
    _ = request.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !String(decoding: received, as: UTF8.self).contains(words) {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      received += buffer[..<count]
    }
    return String(decoding: received, as: UTF8.self)
  }
}
