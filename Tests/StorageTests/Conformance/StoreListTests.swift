import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite struct `Every store lists` {
  private static func pages(_ store: any ObjectStore, _ query: ListQuery) throws -> [ObjectPage] {
    var query = query
    var pages: [ObjectPage] = []
    repeat {
      pages.append(try store.list(query, cancel: .never))
      query.page = pages.last?.next
    } while query.page != nil
    return pages
  }

  private static func fill(_ store: any ObjectStore, _ keys: [String]) throws {
    let failure = Mutex<(any Error)?>(nil)
    Lanes.forEach(keys.count, lanes: 8) { index in
      do { try store.write(ObjectKey(keys[index]), Array(keys[index].utf8)) } catch { failure.withLock { $0 = error } }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  @Test(arguments: TestedStore.allCases)
  func `each key once and in byte order, whatever the page`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      let keys = (0..<60).map { "p/" + ["", "a/", "a-", "a.d/", "Z/z/"][$0 % 5] + "k\($0)" }
      try Self.fill(store, keys + ["q"])
      let sorted = try keys.map { try ObjectKey($0) }.sorted().map(\.text)
      for limit in [1000, 7] {
        let pages = try Self.pages(store, ListQuery(prefix: "p/", limit: limit))
        #expect(pages.flatMap { $0.objects.map(\.key.text) } == sorted)
        #expect(pages.dropLast().allSatisfy { $0.objects.count == limit })
      }
      let entry = try #require(try store.list(ListQuery(prefix: "q"), cancel: .never).objects.first)
      let head = try store.stat(entry.key)
      #expect(entry.head.size == 1 && entry.head.etag == head.etag)
      #expect(abs(entry.head.modified.timeIntervalSince(head.modified)) < 2)
    }
  }

  @Test(arguments: TestedStore.allCases)
  func `folders once, across pages`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      try Self.fill(store, ["a", "b/1", "b/2", "b-x", "b/c/3", "c/1", "d"])
      for limit in [1, 2, 100] {
        let pages = try Self.pages(store, ListQuery(delimiter: "/", limit: limit))
        #expect(pages.flatMap { $0.objects.map(\.key.text) } == ["a", "b-x", "d"])
        #expect(pages.flatMap(\.prefixes) == ["b/", "c/"])
      }
      let inner = try store.list(ListQuery(prefix: "b/", delimiter: "/"), cancel: .never)
      #expect(inner.objects.map(\.key.text) == ["b/1", "b/2"] && inner.prefixes == ["b/c/"])
      #expect(try store.list(ListQuery(prefix: "no/such"), cancel: .never) == ObjectPage())
      #expect(code { _ = try store.list(ListQuery(limit: 0), cancel: .never) } == .invalid("limit is 0, it can be 1 to 10000"))
    }
  }

  static let hard = [
    "with space", "100%25.tif", "%2e%2e", "日本語/ñandú.tif", "a\tb\nc", "\\", "'\"$(x)`", "-rf", "~", "a:b?c#d", "a+b=c&d,e;f", "<x>/&amp;",
    "🛰/é", "e\u{301}", String(repeating: "long/", count: 150) + "end",
  ]

  @Test(arguments: TestedStore.allCases)
  func `and keeps keys as they are, however odd`(kind: TestedStore) async throws {
    try await onOwnThread {
      let store = try kind.make()
      try Self.fill(store, Self.hard)
      let sorted = try Self.hard.map { try ObjectKey($0) }.sorted().map(\.text)
      #expect(
        try Self.pages(store, ListQuery(limit: 4)).flatMap { $0.objects.map { Array($0.key.text.utf8) } } == sorted.map { Array($0.utf8) })
      for key in Self.hard { #expect(try store.read(ObjectKey(key)).bytes == Array(key.utf8), "\(key)") }
      for key in Self.hard { try store.remove(ObjectKey(key)) }
      #expect(try store.list(ListQuery(), cancel: .never).objects == [])
    }
  }
}
