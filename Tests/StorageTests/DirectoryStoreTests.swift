import Glibc
import Testing

@testable import Storage

@Suite struct `A directory as a container` {
  private let folder: Folder
  private let store: DirectoryStore

  init() throws {
    folder = try Folder()
    store = folder.store
  }

  @Test func `what is written is read, with its size, checksum and type`() throws {
    let head = try store.put("hello", "a/b/c.txt", WriteOptions(type: "text/plain")).head
    #expect(try store.text("a/b/c.txt") == "hello")
    #expect(head.size == 5 && head.type == "text/plain")
    #expect(head.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    #expect(try store.stat(ObjectKey("a/b/c.txt")) == head)
  }

  @Test func `ranges are cut at the object's end`() throws {
    try store.put("0123456789", "k")
    let key = try ObjectKey("k")
    #expect(try store.read(key, range: ByteRange(from: 2, size: 3)).bytes == Array("234".utf8))
    #expect(try store.read(key, range: ByteRange(from: 8, size: 30)).bytes == Array("89".utf8))
    #expect(try store.read(key, range: ByteRange(from: 99)).bytes == [])
    #expect(try store.read(key, range: ByteRange(from: .max, size: .max)).bytes == [])
  }

  @Test func `a read larger than its limit does nothing`() throws {
    try store.put("0123456789", "k")
    #expect(code { _ = try store.read(ObjectKey("k"), limit: 9) } == .tooLarge(limit: 9))
  }

  @Test func `a missing container, object or prefix is not found`() throws {
    try store.put("x", "a/b")
    let other = DirectoryStore(name: try ContainerName("gold"), path: folder.path + "/gold")
    #expect(code { _ = try other.stat(ObjectKey("a")) } == .noContainer)
    #expect(code { _ = try other.list(ListQuery(), cancel: .never) } == .noContainer)
    #expect(code { _ = try other.put("x", "a") } == .noContainer)
    #expect(code { _ = try store.stat(ObjectKey("a")) } == .noObject)
    #expect(code { _ = try store.stat(ObjectKey("a/c")) } == .noObject)
    #expect(code { _ = try store.stat(ObjectKey("a/b/c")) } == .noObject)
  }

  @Test func `every write gives another etag, in the same tick of the clock too`() throws {
    var etags: Set<String> = []
    for round in 0..<200 { etags.insert(try store.put(String(round % 10), "k").head.etag) }
    #expect(etags.count == 200)
  }

  @Test func `a read demands the etag that it is given`() throws {
    let old = try store.put("old", "k").head.etag
    let new = try store.put("new", "k").head.etag
    #expect(code { _ = try store.read(ObjectKey("k"), etag: old) } == .changed(expected: old, found: new))
    #expect(try store.read(ObjectKey("k"), etag: new).bytes == Array("new".utf8))
  }

  @Test func `an object that changes while it is read is an error`() throws {
    try store.put(String(repeating: "a", count: 100), "k")
    let stream = try store.openRead(ObjectKey("k"), range: .all, etag: nil, cancel: .never)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 200, alignment: 1)
    defer { buffer.deallocate() }
    #expect(try stream.pull(into: buffer) == 100)
    try folder.put("changed in place", at: "bronze/k")
    #expect(throws: StorageError.self) { try stream.pull(into: buffer) }
  }

  @Test func `if_exists decides what becomes of the object that is there`() throws {
    let first = try store.put("one", "k").head
    #expect(code { _ = try store.put("two", "k", WriteOptions(ifExists: .fail)) } == .exists)
    #expect(try store.put("two", "k", WriteOptions(ifExists: .skip)) == WriteResult(head: first, isWritten: false))
    #expect(try store.put("one", "k", WriteOptions(ifExists: .update)) == WriteResult(head: first, isWritten: false))
    #expect(try store.text("k") == "one")
    #expect(try store.put("two", "k", WriteOptions(ifExists: .update)).isWritten)
    #expect(try store.put("six", "k", WriteOptions(ifExists: .replace)).isWritten)
    #expect(try store.text("k") == "six")
  }

  @Test func `update compares the bytes of a file that somebody else put there`() throws {
    try folder.put("one", at: "bronze/k")
    #expect(try store.stat(ObjectKey("k")).sha256 == nil)
    #expect(try !store.put("one", "k", WriteOptions(ifExists: .update)).isWritten)
    #expect(try store.put("two", "k", WriteOptions(ifExists: .update)).isWritten)
  }

  @Test func `a checksum recorded for another version does not count`() throws {
    try store.put("one", "k")
    try folder.put("two", at: "bronze/k")
    #expect(try store.stat(ObjectKey("k")).sha256 == nil)
    #expect(try !store.put("two", "k", WriteOptions(ifExists: .update)).isWritten)
  }

  @Test func `if_match replaces exactly that version`() throws {
    let first = try store.put("one", "k").head.etag
    let second = try store.put("two", "k", WriteOptions(ifMatch: first)).head.etag
    #expect(code { _ = try store.put("x", "k", WriteOptions(ifMatch: first)) } == .changed(expected: first, found: second))
    #expect(code { _ = try store.put("x", "n", WriteOptions(ifMatch: first)) } == .changed(expected: first, found: nil))
    #expect(try store.text("k") == "two")
  }

  @Test func `bytes that are not what they should be are never written`() throws {
    let wrong = String(repeating: "0", count: 64)
    let right = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    #expect(code { _ = try store.put("hello", "k", WriteOptions(sha256: wrong)) } == .damaged(expected: wrong, found: right))
    #expect(try store.keys() == [])
    #expect(try store.put("hello", "k", WriteOptions(sha256: right)).isWritten)
  }

  @Test func `an object and a folder cannot share a name, and the error says which`() throws {
    try store.put("x", "a")
    #expect(code { _ = try store.put("y", "a/b") } == .blocked(by: "a"))
    #expect(code { _ = try store.put("y", "a/b/c") } == .blocked(by: "a"))
    try store.put("x", "d/e")
    #expect(code { _ = try store.put("y", "d") } == .blocked(by: "d/"))
  }

  @Test func `an empty folder is nothing`() throws {
    try store.put("x", "a/b/c")
    try store.remove(ObjectKey("a/b/c"))
    #expect(try folder.names() == [])
    mkdir(store.path + "/d", 0o755)
    #expect(try store.list(ListQuery(delimiter: "/"), cancel: .never).prefixes == [])
    #expect(try store.put("x", "d").isWritten)
  }

  @Test func `remove is content if the object is gone, and leaves other objects`() throws {
    try store.put("x", "a/b")
    try store.put("x", "a/c")
    for _ in 0..<2 { try store.remove(ObjectKey("a/b")) }
    try store.remove(ObjectKey("a"))
    try store.remove(ObjectKey("a/c/d"))
    #expect(try store.keys() == ["a/c"])
  }

  @Test func `a descriptor reads and does not write`() throws {
    try store.put("hello", "k")
    let descriptor = try store.openDescriptor(ObjectKey("k"))
    defer { close(descriptor) }
    #expect(lseek(descriptor, 0, SEEK_END) == 5)
    #expect(Glibc.write(descriptor, "x", 1) == -1)
  }

  @Test func `a segment longer than a directory can hold is refused with its length`() throws {
    let longest = String(repeating: "s", count: 255)
    #expect(try store.put("x", "a/" + longest).isWritten)
    let problem = "a directory holds segments of at most 255 bytes, one here has 256"
    #expect(code { _ = try store.put("x", longest + "s") } == .invalid(problem))
    #expect(throws: StorageError.self) { try store.stat(ObjectKey(longest + "s")) }
  }

  @Test(arguments: ["with space", "100%25.tif", "%2e%2e", "日本語/ñandú.tif", "a\tb\nc", "\\", "'\"$(x)`", "-rf", "~", "a:b?c#d"])
  func `unusual keys are only names`(key: String) throws {
    try store.put("x", key)
    #expect(try store.text(key) == "x")
    #expect(try store.keys() == [key])
  }

  @Test func `a pipe is no object and holds nobody up`() throws {
    mkfifo(store.path + "/pipe", 0o644)
    #expect(code { _ = try store.read(ObjectKey("pipe")) } == .noObject)
    #expect(try store.keys() == [])
  }

  @Test func `a cancelled call stops`() throws {
    try store.put("hello", "k")
    let gone = Cancellation { true }
    #expect(code { _ = try store.read(ObjectKey("k"), cancel: gone) } == .cancelled)
    #expect(code { _ = try store.list(ListQuery(), cancel: gone) } == .cancelled)
    #expect(code { try store.write(ObjectKey("n"), [1], cancel: gone) } == .cancelled)
    #expect(try store.keys() == ["k"])
  }
}
