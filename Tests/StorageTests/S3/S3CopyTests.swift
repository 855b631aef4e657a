import TestSupport
import Testing

@testable import Storage

@Suite struct `Copies with S3 at an end` {
  private static let small = S3Sizes(copyAtOnce: 1 << 20, copyPart: 5 << 20, fileAtOnce: 1 << 20, filePart: 5 << 20)

  private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 / 251) } }

  /// Two containers of one account, and all requests that it makes.
  private static func watched(_ kind: ObjectServer.Kind, sizes: S3Sizes = S3Sizes()) throws -> (from: S3Store, to: S3Store, FaultProxy) {
    let server = try ObjectServer.shared(kind)
    let proxy = try FaultProxy(to: server.port)
    let session = TestBucket.session(proxy.endpoint, key: server.alice.key, secret: server.alice.secret, sizes: sizes)
    let stores = try (0..<2).map { _ in
      try TestBucket.store(session, endpoint: proxy.endpoint, bucket: server.freshName(), prefix: "in/")
    }
    for store in stores { try store.makeContainer() }
    return (stores[0], stores[1], proxy)
  }

  @Test(arguments: [ObjectServer.Kind.swift, .ceph])
  func `inside one store no byte passes through us, and a batch is looked up by listings`(kind: ObjectServer.Kind) async throws {
    try await onOwnThread {
      let (from, to, proxy) = try Self.watched(kind)
      let keys = (0..<40).map { "a/\($0 + 100).tif" }
      for key in keys { try from.write(ObjectKey(key), Array(key.utf8)) }
      let transfer = Transfer { name, _ throws(StorageError) in name == "from" ? from : to }
      let elements = keys.map {
        TransferElement(fromContainer: "from", fromKey: $0, toContainer: "to", toKey: $0, options: WriteOptions(ifExists: .update))
      }
      let before = proxy.requests.count
      #expect(transfer.copy(elements).done == 40)
      let requests = proxy.requests.dropFirst(before)
      #expect(requests.filter { $0.header("x-amz-copy-source") != nil }.count == 40 && requests.count == 42)
      #expect(requests.allSatisfy { $0.size == 0 })
      #expect(transfer.copy(elements).skipped == 40)
      #expect(proxy.requests.count == before + 44)
      #expect(try keys.allSatisfy { try to.read(ObjectKey($0)).bytes == Array($0.utf8) })
    }
  }

  @Test(arguments: [ObjectServer.Kind.swift, .ceph])
  func `a large object is copied in parts, with its type and checksum`(kind: ObjectServer.Kind) async throws {
    try await onOwnThread {
      let (from, to, proxy) = try Self.watched(kind, sizes: Self.small)
      let bytes = Self.bytes(11 << 20)
      try from.write(
        ObjectKey("k"), bytes,
        options: WriteOptions(sha256: bytes.withUnsafeBytes { RunningDigest.text(.sha256, of: $0) }, type: "image/tiff"))
      let before = proxy.requests.count
      let head = try from.stat(ObjectKey("k"))
      let made = try to.copy(from: from, ObjectKey("k"), head, to: ObjectKey("t"), options: WriteOptions(), cancel: .never)
      #expect(proxy.requests.dropFirst(before).filter { $0.header("x-amz-copy-source-range") != nil }.count == 3)
      #expect(made?.head.size == UInt64(bytes.count) && made?.head.type == "image/tiff" && made?.head.sha256 == head.sha256)
      #expect(try to.read(ObjectKey("t")).bytes == bytes)
    }
  }

  @Test func `a store that says it copied a part and did not is found out, and the bytes pass through us`() async throws {
    try await onOwnThread {
      let (from, to, proxy) = try Self.watched(.rclone, sizes: Self.small)
      let bytes = Self.bytes(6 << 20)
      try from.write(ObjectKey("k"), bytes)
      let transfer = Transfer { name, _ throws(StorageError) in name == "from" ? from : to }
      let report = transfer.copy([TransferElement(fromContainer: "from", fromKey: "k", toContainer: "to", toKey: "t")])
      #expect(report.done == 1 && report.failed == [])
      #expect(proxy.requests.contains { $0.header("x-amz-copy-source-range") != nil })
      #expect(try to.read(ObjectKey("t")).bytes == bytes)
    }
  }

  @Test func `an object that is another by the time it is copied is an error`() async throws {
    try await onOwnThread {
      for kind in [ObjectServer.Kind.swift, .ceph] {
        let (from, to, _) = try Self.watched(kind)
        let seen = try from.write(ObjectKey("k"), [1, 2, 3]).head
        let now = try from.write(ObjectKey("k"), [4, 5, 6]).head
        let refused = code {
          _ = try to.copy(from: from, ObjectKey("k"), seen, to: ObjectKey("t"), options: WriteOptions(), cancel: .never)
        }
        #expect(refused == .changed(expected: seen.etag, found: now.etag), "\(kind)")
      }
    }
  }

  @Test(arguments: [ObjectServer.Kind.swift, .ceph])
  func `a file goes up in one request or in parts, hashed on the way`(kind: ObjectServer.Kind) async throws {
    try await onOwnThread {
      let folder = try Folder()
      let (_, to, proxy) = try Self.watched(kind, sizes: Self.small)
      for (size, parts) in [(0, 0), (1000, 0), (1 << 20, 0), (11 << 20, 3)] {
        let bytes = Self.bytes(size)
        let key = try ObjectKey("f\(size)")
        let head = try folder.store.write(key, bytes, options: WriteOptions(type: "image/tiff")).head
        let before = proxy.requests.count
        let made = try to.copy(from: folder.store, key, head, to: key, options: WriteOptions(), cancel: .never)
        #expect(made?.head.sha256 == head.sha256 && made?.head.type == "image/tiff")
        #expect(proxy.requests.dropFirst(before).filter { $0.target.contains("partNumber=") }.count == parts)
        #expect(parts > 0 || proxy.requests.count == before + 1, "one request, and no look before or after it")
        #expect(try to.read(key).bytes == bytes)
      }
    }
  }

  @Test func `a file whose bytes are not those of its checksum is not sent`() async throws {
    try await onOwnThread {
      let folder = try Folder()
      let (_, to, _) = try Self.watched(.ceph)
      let key = try ObjectKey("k")
      let head = try folder.store.write(key, [1, 2, 3]).head
      let other = head.with(sha256: String(repeating: "0", count: 64))
      let refused = code { _ = try to.copy(from: folder.store, key, other, to: key, options: WriteOptions(), cancel: .never) }
      #expect(refused == .damaged(expected: other.sha256 ?? "", found: head.sha256 ?? ""))
      #expect(try to.list(ListQuery(), cancel: .never).objects == [])
    }
  }
}
