import Glibc
import Synchronization
import Testing
import Workflow

@testable import Storage

@Suite struct `Copying a batch` {
  private let folder: Folder
  private let silver: DirectoryStore
  private let transfer: Transfer

  init() throws {
    folder = try Folder()
    silver = DirectoryStore(name: try ContainerName("silver"), path: folder.path + "/silver", isDurable: true)
    try silver.makeContainer()
    let urls = ["*": "file://\(folder.path)/*"]
    let scratch = try DirectoryStore.scratch(folder.path)
    transfer = Transfer { name, _ throws(StorageError) in
      if let name { try Containers(urls).store(ContainerName(name)) } else { scratch }
    }
  }

  private func element(_ key: String, to: String? = nil, etag: String? = nil, _ options: WriteOptions = .init()) -> TransferElement {
    TransferElement(
      fromContainer: "bronze", fromKey: key, fromEtag: etag, toContainer: "silver", toKey: to ?? key, options: options)
  }

  @Test func `every element is tried and every failure has its index`() throws {
    for index in 0..<40 { try folder.store.put("object \(index)", "a/\(index)") }
    var elements = (0..<40).map { element("a/\($0)") }
    elements.insert(element("missing"), at: 3)
    elements.insert(element("a/1", to: "../x"), at: 7)
    let report = transfer.copy(elements)
    #expect(report.done == 40 && report.skipped == 0 && report.failed.map(\.index) == [3, 7])
    #expect(report.failed.map(\.error.status) == [.notFound, .invalid])
    #expect(report.bytes == UInt64((0..<40).map { "object \($0)".utf8.count }.reduce(0, +)))
    #expect(try silver.text("a/39") == "object 39")
    #expect(report.heads[3] == nil && report.heads[0]?.sha256 != nil)
    #expect(report.json()["failed"]?[0]?["status"] == 202)
    #expect(report.json(withHeads: true)["heads"]?[3] == .null)
  }

  @Test func `a second run copies only what is missing or differs`() throws {
    for index in 0..<10 { try folder.put("object \(index)", at: "bronze/\(index)") }
    let elements = (0..<10).map { element("\($0)", .init(ifExists: .update)) }
    #expect(transfer.copy(elements).done == 10)
    try silver.remove(ObjectKey("3"))
    try folder.put("xbject 5", at: "bronze/5")
    try folder.put("another", at: "silver/6")
    try folder.put("yyyyyy 7", at: "silver/7")
    let report = transfer.copy(elements)
    #expect(report.done == 4 && report.skipped == 6 && report.failed == [])
    #expect(try (0..<10).allSatisfy { try silver.text("\($0)") == folder.store.text("\($0)") })
  }

  @Test func `skip, fail and if_match hold for copies`() throws {
    try folder.store.put("new", "k")
    let old = try silver.put("old", "k").head.etag
    #expect(transfer.copy([element("k", .init(ifExists: .skip))]).skipped == 1)
    #expect(transfer.copy([element("k", .init(ifExists: .fail))]).failed.first?.error.code == .exists)
    #expect(transfer.copy([element("k", .init(ifMatch: "x"))]).failed.first?.error.status == .conflict)
    #expect(transfer.copy([element("k", .init(ifMatch: old))]).done == 1)
    #expect(try silver.text("k") == "new")
  }

  @Test func `a copy demands the version that the inventory saw`() throws {
    let seen = try folder.store.put("one", "k").head.etag
    let now = try folder.store.put("two", "k").head.etag
    let report = transfer.copy([element("k", etag: seen)])
    #expect(report.failed.first?.error.code == .changed(expected: seen, found: now))
    #expect(try silver.keys() == [])
  }

  @Test func `a source whose bytes are not those of its checksum is not copied`() throws {
    let etag = try folder.store.put("one", "k").head.etag
    let descriptor = open(folder.store.path + "/k", O_RDWR)
    defer { close(descriptor) }
    var times = [timespec](repeating: timespec(), count: 2)
    var status = stat()
    fstat(descriptor, &status)
    times[1] = status.st_mtim
    Glibc.write(descriptor, "bad", 3)
    futimens(descriptor, times)
    #expect(try folder.store.stat(ObjectKey("k")).etag == etag)
    let report = transfer.copy([element("k")])
    #expect(report.failed.first?.error.status == .failed)
    #expect(report.failed.first?.error.message.contains("the bytes have SHA-256") == true)
    #expect(try silver.keys() == [])
  }

  @Test func `scratch is a side like any other`() throws {
    try folder.store.put("down", "k")
    let down = TransferElement(fromContainer: "bronze", fromKey: "k", toContainer: nil, toKey: "scratch/k")
    #expect(transfer.copy([down]).done == 1)
    let up = TransferElement(fromContainer: nil, fromKey: "scratch/k", toContainer: "silver", toKey: "up")
    #expect(transfer.copy([up]).done == 1)
    #expect(try silver.text("up") == "down")
  }

  @Test func `the media type goes along`() throws {
    try folder.store.put("x", "k", WriteOptions(type: "image/tiff"))
    #expect(transfer.copy([element("k")]).heads[0]?.type == "image/tiff")
    #expect(try silver.stat(ObjectKey("k")).type == "image/tiff")
  }

  @Test func `a cancelled batch reports what it did not do`() throws {
    for index in 0..<20 { try folder.store.put("x", "\(index)") }
    let count = Atomic(0)
    let cancel = Cancellation { count.add(1, ordering: .relaxed).newValue > 30 }
    let report = transfer.copy((0..<20).map { element("\($0)") }, cancel: cancel)
    #expect(report.done + report.failed.count == 20 && report.done < 20)
    #expect(report.failed.allSatisfy { $0.error.code == .cancelled })
  }

  @Test func `a large object is copied byte for byte`() throws {
    var bytes = [UInt8](repeating: 0, count: 20 << 20)
    for index in stride(from: 0, to: bytes.count, by: 997) { bytes[index] = UInt8(truncatingIfNeeded: index) }
    try folder.store.write(ObjectKey("big"), bytes)
    #expect(transfer.copy([element("big")]).bytes == UInt64(bytes.count))
    #expect(try silver.read(ObjectKey("big")).bytes == bytes)
  }
}
