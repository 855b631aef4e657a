import Synchronization
import TestSupport
import Testing

@testable import Storage

/// What handlers may rely on, whatever is behind a container.
@Suite struct `Every store` {
  @Test(arguments: TestedStore.allCases)
  func `gives back what it was given, with size, checksum and type`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      let key = try ObjectKey("a/b/c.txt")
      let head = try store.write(key, Array("hello".utf8), options: WriteOptions(type: "text/plain")).head
      #expect(head.size == 5 && head.type == "text/plain")
      #expect(head.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
      let found = try store.stat(key)
      #expect(found.size == 5 && found.etag == head.etag && found.sha256 == head.sha256 && found.type == "text/plain")
      let read = try store.read(key)
      #expect(read.bytes == Array("hello".utf8) && read.head.etag == head.etag && read.head.sha256 == head.sha256)
      let empty = try store.write(ObjectKey("empty"), [])
      #expect(empty.head.size == 0)
      #expect(try store.read(ObjectKey("empty")).bytes == [])
    }
  }

  @Test(arguments: TestedStore.allCases)
  func `cuts ranges at the object's end`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      let key = try ObjectKey("k")
      try store.write(key, Array("0123456789".utf8))
      for (range, expected) in [
        (ByteRange(from: 2, size: 3), "234"), (ByteRange(from: 8, size: 30), "89"), (ByteRange(from: 3), "3456789"),
        (ByteRange(from: 99), ""), (ByteRange(from: 4, size: 0), ""), (ByteRange(from: .max, size: .max), ""),
      ] {
        let read = try store.read(key, range: range)
        #expect(read.bytes == Array(expected.utf8) && read.head.size == 10, "\(range)")
      }
      #expect(code { _ = try store.read(key, limit: 9) } == .tooLarge(limit: 9))
    }
  }

  @Test(arguments: TestedStore.allCases)
  func `tells what is missing`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      let gone = try kind.missing()
      let key = try ObjectKey("a")
      try store.write(ObjectKey("a/b"), [1])
      for body in [
        { _ = try gone.stat(key) }, { _ = try gone.list(ListQuery(), cancel: .never) }, { _ = try gone.read(key) },
        { _ = try gone.write(key, [1]) }, { try gone.remove(key) },
      ] as [() throws -> Void] {
        #expect(code(body) == .noContainer)
      }
      #expect(code { _ = try store.stat(key) } == .noObject)
      #expect(code { _ = try store.read(key) } == .noObject)
      #expect(code { _ = try store.read(ObjectKey("a/c")) } == .noObject)
      try store.makeContainer()
      #expect(try store.stat(ObjectKey("a/b")).size == 1)
    }
  }

  @Test(arguments: TestedStore.allCases)
  func `reads and replaces exactly the version that is named`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      let key = try ObjectKey("k")
      let old = try store.write(key, Array("old".utf8)).head.etag
      let new = try store.write(key, Array("new".utf8), options: WriteOptions(ifMatch: old)).head.etag
      #expect(code { _ = try store.read(key, etag: old) } == .changed(expected: old, found: new))
      #expect(try store.read(key, etag: new).bytes == Array("new".utf8))
      #expect(code { _ = try store.write(key, [1], options: WriteOptions(ifMatch: old)) } == .changed(expected: old, found: new))
      let other = try ObjectKey("n")
      #expect(code { _ = try store.write(other, [1], options: WriteOptions(ifMatch: old)) } == .changed(expected: old, found: nil))
    }
  }

  @Test(arguments: TestedStore.allCases)
  func `does with what is there as if_exists says`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      let key = try ObjectKey("k")
      func put(_ text: String, _ existing: WriteOptions.Existing) throws -> Bool {
        try store.write(key, Array(text.utf8), options: WriteOptions(ifExists: existing)).isWritten
      }
      #expect(try put("one", .fail))
      #expect(code { _ = try put("two", .fail) } == .exists)
      #expect(try !put("two", .skip))
      #expect(try !put("one", .update))
      #expect(try store.read(key).bytes == Array("one".utf8))
      #expect(try put("two", .update))
      #expect(try put("six", .replace))
      #expect(try store.read(key).bytes == Array("six".utf8))
    }
  }

  @Test(arguments: TestedStore.allCases.filter(\.isAtomic))
  func `lets exactly one of many writers create`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      for round in 0..<5 {
        let key = try ObjectKey("k\(round)")
        let winners = Mutex<[Int]>([])
        let refusals = Atomic(0)
        Lanes.forEach(8, lanes: 8) { index in
          let bytes = [UInt8](repeating: UInt8(index), count: 10 + index)
          let failure = code {
            if try store.write(key, bytes, options: WriteOptions(ifExists: .fail)).isWritten { winners.withLock { $0.append(index) } }
          }
          if failure == .exists { refusals.add(1, ordering: .relaxed) }
        }
        let won = winners.withLock { $0 }
        #expect(won.count == 1 && refusals.load(ordering: .relaxed) == 7)
        #expect(try store.read(key).bytes.first.map(Int.init) == won.first)
      }
    }
  }

  @Test(arguments: TestedStore.allCases)
  func `never shows bytes that are not what they should be, nor half an object`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      let key = try ObjectKey("k")
      let wrong = String(repeating: "0", count: 64)
      let right = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
      let refused = code { _ = try store.write(key, Array("hello".utf8), options: WriteOptions(sha256: wrong)) }
      #expect(refused == .damaged(expected: wrong, found: right))
      let half = [UInt8](repeating: 7, count: 9 << 20)
      let stream = try store.openWrite(key, options: WriteOptions(), isVerified: false, cancel: .never)
      try half.withUnsafeBytes { try stream.push($0) }
      stream.abort()
      _ = try store.openWrite(key, options: WriteOptions(), isVerified: false, cancel: .never)
      let gone = Cancellation { true }
      #expect(code { try store.write(key, [1], cancel: gone) } == .cancelled)
      #expect(code { _ = try store.list(ListQuery(), cancel: gone) } == .cancelled)
      #expect(try store.list(ListQuery(), cancel: .never).objects == [])
      #expect(try store.write(key, Array("hello".utf8), options: WriteOptions(sha256: right)).isWritten)
    }
  }

  @Test(arguments: TestedStore.allCases)
  func `takes large objects in pieces and gives any part of them`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      let key = try ObjectKey("large")
      var bytes = [UInt8](repeating: 0, count: (9 << 20) + 5)
      for index in stride(from: 0, to: bytes.count, by: 997) { bytes[index] = UInt8(truncatingIfNeeded: index / 997) }
      let stream = try store.openWrite(key, options: WriteOptions(type: "image/tiff"), isVerified: true, cancel: .never)
      var start = 0
      while start < bytes.count {
        let end = min(start + 700_001, bytes.count)
        try bytes[start..<end].withUnsafeBytes { try stream.push($0) }
        start = end
      }
      let head = try stream.commit().head
      #expect(head.size == UInt64(bytes.count) && head.type == "image/tiff")
      #expect(try store.read(key, etag: head.etag).bytes == bytes)
      let part = try store.read(key, range: ByteRange(from: 8_388_600, size: 100)).bytes
      #expect(part == Array(bytes[8_388_600..<8_388_700]))
    }
  }

  @Test(arguments: TestedStore.allCases)
  func `removes what is there and is content with what is not`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      for key in ["a/b", "a/c"] { try store.write(ObjectKey(key), [1]) }
      for _ in 0..<2 { try store.remove(ObjectKey("a/b")) }
      try store.remove(ObjectKey("a"))
      #expect(try store.list(ListQuery(), cancel: .never).objects.map(\.key.text) == ["a/c"])
    }
  }
}
