import Glibc
import Testing

@testable import Storage

@Suite struct `Listing a directory` {
  private let folder: Folder
  private let store: DirectoryStore

  init() throws {
    folder = try Folder()
    store = folder.store
  }

  private func pages(_ query: ListQuery) throws -> [ObjectPage] {
    var query = query
    var pages: [ObjectPage] = []
    repeat {
      pages.append(try store.list(query, cancel: .never))
      query.page = pages.last?.next
    } while query.page != nil
    return pages
  }

  @Test func `2,500 keys come once each and in byte order, whatever the page`() throws {
    let keys = (0..<2500).map { "p/" + ["", "a/", "a-", "a.d/", "Z/z/"][$0 % 5] + "k\($0)" }
    for key in keys { try store.put("x", key) }
    let sorted = try keys.map { try ObjectKey($0) }.sorted().map(\.text)
    for limit in [1000, 2500, 97] {
      let pages = try pages(ListQuery(prefix: "p/", limit: limit))
      #expect(pages.flatMap { $0.objects.map(\.key.text) } == sorted)
      #expect(pages.dropLast().allSatisfy { $0.objects.count == limit })
    }
  }

  @Test func `a delimiter folds what lies deeper, once, across pages`() throws {
    for key in ["a", "b/1", "b/2", "b-x", "b/c/3", "c/1", "d"] { try store.put("x", key) }
    for limit in [1, 2, 3, 100] {
      let pages = try pages(ListQuery(delimiter: "/", limit: limit))
      #expect(pages.flatMap { $0.objects.map(\.key.text) } == ["a", "b-x", "d"])
      #expect(pages.flatMap(\.prefixes) == ["b/", "c/"])
    }
    let inner = try store.list(ListQuery(prefix: "b/", delimiter: "/"), cancel: .never)
    #expect(inner.objects.map(\.key.text) == ["b/1", "b/2"] && inner.prefixes == ["b/c/"])
  }

  @Test func `a prefix need not end at a slash, and one that nothing has is empty`() throws {
    for key in ["spam/a", "spam2/b", "spam", "x/spam"] where key != "spam" { try store.put("x", key) }
    #expect(try store.keys(ListQuery(prefix: "spam")) == ["spam/a", "spam2/b"])
    #expect(try store.keys(ListQuery(prefix: "spam/a")) == ["spam/a"])
    #expect(try store.keys(ListQuery(prefix: "spam/a/b")) == [])
    #expect(try store.list(ListQuery(prefix: "sp", delimiter: "/"), cancel: .never).prefixes == ["spam/", "spam2/"])
    #expect(try store.keys(ListQuery(prefix: "no/such/")) == [])
  }

  @Test func `a page that ended at a removed key goes on behind it`() throws {
    for key in ["a", "b/1", "b/2", "c"] { try store.put("x", key) }
    let first = try store.list(ListQuery(limit: 2), cancel: .never)
    #expect(first.next == "b/1")
    try store.remove(ObjectKey("b/1"))
    #expect(try store.keys(ListQuery(page: first.next)) == ["b/2", "c"])
  }

  @Test func `what cannot be listed so is refused`() throws {
    #expect(code { _ = try store.keys(ListQuery(limit: 0)) } == .invalid("limit is 0, it can be 1 to 10000"))
    let problem = "delimiter is \"-\", only \"/\" is supported"
    #expect(code { _ = try store.keys(ListQuery(delimiter: "-")) } == .unsupported(problem))
  }
}
