import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite struct `An S3 store in bad weather` {
  /// A store behind a proxy that spoils what the rule says.
  private static func behind(
    _ kind: ObjectServer.Kind, retry: RetryPolicy = RetryPolicy(base: .milliseconds(1)), stall: Duration = .seconds(30),
    _ rule: @escaping FaultProxy.Rule
  ) throws -> (store: S3Store, proxy: FaultProxy) {
    let server = try ObjectServer.shared(kind)
    let proxy = try FaultProxy(to: server.port, rule: rule)
    var settings = HTTPSettings()
    settings.stall = stall
    let (key, secret) = (server.alice.key, server.alice.secret)
    let sizes = S3Sizes(streamPart: 5 << 20)
    let session = TestBucket.session(proxy.endpoint, key: key, secret: secret, retry: retry, settings: settings, sizes: sizes)
    let straight = try TestBucket.store(kind)
    try straight.makeContainer()
    return (try TestBucket.store(session, endpoint: proxy.endpoint, bucket: straight.location.bucket), proxy)
  }

  @Test func `a storm of 503 is sat out, and one that does not end is told`() async throws {
    try await onOwnThread {
      let storm = Atomic(0)
      let (store, proxy) = try Self.behind(.swift) { _ in
        storm.load(ordering: .relaxed) > 0 && storm.subtract(1, ordering: .relaxed).oldValue > 0
          ? .busy(body: "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>") : .none
      }
      storm.store(4, ordering: .relaxed)
      try store.write(ObjectKey("k"), [1, 2, 3])
      storm.store(5, ordering: .relaxed)
      #expect(try store.read(ObjectKey("k")).bytes == [1, 2, 3])
      storm.store(1000, ordering: .relaxed)
      let error = #expect(throws: StorageError.self) { try store.read(ObjectKey("k")) }
      #expect(error?.status == .unreachable && error?.cause == "SlowDown: Please reduce your request rate.")
      withExtendedLifetime(proxy) {}
    }
  }

  @Test func `a download that is cut goes on where it was, with the same version or not at all`() async throws {
    try await onOwnThread {
      let cuts = Atomic(0)
      let (store, proxy) = try Self.behind(.ceph) { request in
        request.method == "GET" && cuts.subtract(1, ordering: .relaxed).oldValue > 0 ? .cutAnswer(after: 300_000) : .none
      }
      let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 13) }
      let head = try store.write(ObjectKey("k"), bytes).head
      cuts.store(3, ordering: .relaxed)
      #expect(try store.read(ObjectKey("k")).bytes == bytes)
      let ranges = proxy.requests.filter { $0.method == "GET" }.map { $0.header("range") ?? "all" }
      #expect(ranges.count == 4 && ranges.dropFirst().allSatisfy { $0.hasSuffix("-999999") }, "\(ranges)")
      #expect(proxy.requests.last?.header("if-match") == "\"\(head.etag)\"")
      cuts.store(1, ordering: .relaxed)
      let stream = try store.openRead(ObjectKey("k"), range: .all, etag: nil, cancel: .never)
      let next = try store.write(ObjectKey("k"), [1]).head.etag
      #expect(code { try stream.forEachPiece { _ in } } == .changed(expected: head.etag, found: next))
      withExtendedLifetime(proxy) {}
    }
  }

  @Test func `an upload whose connection breaks is sent again, parts as well`() async throws {
    try await onOwnThread {
      let cuts = Atomic(0)
      let (store, proxy) = try Self.behind(.ceph) { request in
        request.method == "PUT" && cuts.subtract(1, ordering: .relaxed).oldValue > 0 ? .cutRequest(after: 1000) : .none
      }
      let bytes = [UInt8](repeating: 3, count: 6 << 20)
      for (key, count) in [("small", 50_000), ("large", bytes.count)] {
        cuts.store(2, ordering: .relaxed)
        #expect(try store.write(ObjectKey(key), Array(bytes[..<count])).head.size == UInt64(count))
        #expect(try store.read(ObjectKey(key)).bytes.count == count)
      }
      withExtendedLifetime(proxy) {}
    }
  }

  @Test func `a writer whose answer was lost knows its own object again`() async throws {
    try await onOwnThread {
      let losses = Atomic(0)
      let (store, proxy) = try Self.behind(.ceph) { request in
        ["PUT", "POST"].contains(request.method) && request.target.contains("/k") && !request.target.contains("uploads=")
          && losses.subtract(1, ordering: .relaxed).oldValue > 0 ? .loseAnswer : .none
      }
      losses.store(1, ordering: .relaxed)
      #expect(try store.write(ObjectKey("k1"), [1], options: WriteOptions(ifExists: .fail)).isWritten)
      #expect(code { _ = try store.write(ObjectKey("k1"), [2], options: WriteOptions(ifExists: .fail)) } == .exists)
      losses.store(3, ordering: .relaxed)
      #expect(try store.write(ObjectKey("k2"), [UInt8](repeating: 1, count: 6 << 20)).head.size == 6 << 20)
      withExtendedLifetime(proxy) {}
    }
  }

  @Test func `a silent store is given up, and a cancelled call does not wait for it`() async throws {
    try await onOwnThread {
      let isSilent = Atomic(false)
      let (store, proxy) = try Self.behind(.swift, retry: RetryPolicy(attempts: 2, base: .milliseconds(1)), stall: .milliseconds(200)) {
        _ in
        isSilent.load(ordering: .relaxed) ? .silence : .none
      }
      isSilent.store(true, ordering: .relaxed)
      let error = #expect(throws: StorageError.self) { try store.stat(ObjectKey("k")) }
      #expect(error?.code == .unreachable)
      let asked = Atomic(0)
      let cancel = Cancellation { asked.add(1, ordering: .relaxed).newValue > 1 }
      #expect(code { _ = try store.read(ObjectKey("k"), cancel: cancel) } == .cancelled)
      withExtendedLifetime(proxy) {}
    }
  }

  @Test func `an object that the store keeps shorter than it was sent is found out and removed`() async throws {
    try await onOwnThread {
      let (store, proxy) = try Self.behind(.ceph) { request in
        guard request.method == "HEAD", request.target.contains("/k") else { return .none }
        return .alter { answer in
          if answer["Content-Length"] != nil { answer["Content-Length"] = "7" }
        }
      }
      let sent = [UInt8](repeating: 1, count: 2 << 20)
      #expect(code { _ = try store.write(ObjectKey("k"), sent) } == .incomplete(expected: 2 << 20, found: 7))
      #expect(try store.list(ListQuery(), cancel: .never).objects == [])
      withExtendedLifetime(proxy) {}
    }
  }

  @Test func `a copy that is answered 200 and failed all the same is tried again`() async throws {
    try await onOwnThread {
      let failures = Atomic(0)
      let (store, proxy) = try Self.behind(.ceph) { request in
        request.header("x-amz-copy-source") != nil && failures.subtract(1, ordering: .relaxed).oldValue > 0
          ? .answer(status: 200, body: "  <Error><Code>InternalError</Code><Message>We were busy.</Message></Error>") : .none
      }
      let head = try store.write(ObjectKey("k"), [1, 2, 3]).head
      failures.store(2, ordering: .relaxed)
      let made = try store.copy(from: store, ObjectKey("k"), head, to: ObjectKey("t"), options: WriteOptions(), cancel: .never)
      #expect(made?.isWritten == true && failures.load(ordering: .relaxed) < 0)
      #expect(try store.read(ObjectKey("t")).bytes == [1, 2, 3])
      withExtendedLifetime(proxy) {}
    }
  }
}
