import Glibc
import TestSupport
import Testing

@testable import Storage

@Suite struct `Between any two stores` {
  struct Pair: CustomTestStringConvertible, Sendable {
    var from: TestedStore
    var to: TestedStore
    var testDescription: String { "\(from) to \(to)" }
  }

  /// Every store is once source and once target of a directory, of itself and of a stranger.
  static let pairs: [Pair] =
    TestedStore.allCases.flatMap { kind in
      [Pair(from: .directory, to: kind), Pair(from: kind, to: .directory), Pair(from: kind, to: kind)]
    } + [Pair(from: .swift, to: .ceph)]

  @Test(arguments: pairs)
  func `a batch is copied, and a second run copies only what differs`(pair: Pair) async throws {
    try await onOwnThread {
      let (source, target) = (try pair.from.make(), try pair.to.make())
      let transfer = Transfer { name, _ throws(StorageError) in name == "from" ? source : target }
      let keys = (0..<24).map { "a/item \($0)/asset.tif" }
      for (index, key) in keys.enumerated() {
        try source.write(
          ObjectKey(key), [UInt8](repeating: UInt8(index), count: 1 + 700 * index), options: WriteOptions(type: "image/tiff"))
      }
      let elements = keys.map {
        TransferElement(fromContainer: "from", fromKey: $0, toContainer: "to", toKey: "b/" + $0, options: WriteOptions(ifExists: .update))
      }
      let first = transfer.copy(elements)
      #expect(first.done == 24 && first.failed == [])
      for (index, key) in keys.enumerated() {
        let (head, bytes) = try target.read(ObjectKey("b/" + key))
        #expect(bytes == [UInt8](repeating: UInt8(index), count: 1 + 700 * index) && head.type == "image/tiff")
        #expect(first.heads[index]?.etag == head.etag && first.heads[index]?.size == head.size)
      }
      try target.remove(ObjectKey("b/" + keys[3]))
      try source.write(ObjectKey(keys[5]), [9])
      try target.write(ObjectKey("b/" + keys[6]), [UInt8](repeating: 1, count: 1 + 700 * 6))
      let second = transfer.copy(elements)
      #expect(second.done == 3 && second.skipped == 21 && second.failed == [])
      #expect(try target.read(ObjectKey("b/" + keys[5])).bytes == [9])
      #expect(try target.read(ObjectKey("b/" + keys[6])).bytes == source.read(ObjectKey(keys[6])).bytes)
    }
  }

  @Test(arguments: pairs)
  func `a copy keeps to what it was told`(pair: Pair) async throws {
    try await onOwnThread {
      let (source, target) = (try pair.from.make(), try pair.to.make())
      let transfer = Transfer { name, _ throws(StorageError) in name == "from" ? source : target }
      func copy(_ key: String, etag: String? = nil, _ options: WriteOptions = .init()) -> StorageError.Code? {
        let element = TransferElement(fromContainer: "from", fromKey: key, fromEtag: etag, toContainer: "to", toKey: "t", options: options)
        return transfer.copy([element]).failed.first?.error.code
      }
      let key = try ObjectKey("k")
      let seen = try source.write(key, Array("one".utf8)).head.etag
      let now = try source.write(key, Array("two".utf8)).head.etag
      #expect(copy("k", etag: seen) == .changed(expected: seen, found: now))
      #expect(copy("missing") == .noObject)
      #expect(code { _ = try target.stat(ObjectKey("t")) } == .noObject)
      #expect(copy("k", etag: now, .init(ifExists: .fail)) == nil)
      #expect(copy("k", etag: now, .init(ifExists: .fail)) == .exists)
      let other = String(repeating: "0", count: 64)
      #expect(copy("k", .init(sha256: other)) == .damaged(expected: other, found: try source.checksum(of: key, cancel: .never).sha256))
      #expect(copy("k", .init(type: "text/csv")) == nil)
      let standing = try target.stat(ObjectKey("t"))
      #expect(standing.type == "text/csv" && standing.size == 3)
      #expect(copy("k", .init(ifMatch: "x")) == .changed(expected: "x", found: standing.etag))
      #expect(copy("k", .init(ifMatch: standing.etag)) == nil)
    }
  }
}
