import Testing

@testable import Storage

@Suite struct `A store without files` {
  private let folder: Folder
  private let memory: MemoryStore
  private let transfer: Transfer

  init() throws {
    folder = try Folder()
    memory = try MemoryStore("memory")
    transfer = Transfer { [folder, memory] name, _ throws(StorageError) in
      if name == "memory" { memory } else { folder.store }
    }
  }

  @Test func `copies pass through us, both ways, with checksum and type`() throws {
    try folder.store.put("bytes", "k", WriteOptions(type: "text/plain"))
    let out = TransferElement(fromContainer: "bronze", fromKey: "k", toContainer: "memory", toKey: "m")
    #expect(transfer.copy([out]).done == 1)
    #expect(try memory.stat(ObjectKey("m")).type == "text/plain")
    let back = TransferElement(fromContainer: "memory", fromKey: "m", toContainer: "bronze", toKey: "back")
    #expect(transfer.copy([back]).done == 1)
    #expect(try folder.store.text("back") == "bytes")
  }

  @Test func `update reads what the store has no checksum of`() throws {
    try folder.store.put("bytes", "k")
    let element = TransferElement(
      fromContainer: "bronze", fromKey: "k", toContainer: "memory", toKey: "m", options: .init(ifExists: .update))
    #expect(transfer.copy([element]).done == 1)
    #expect(transfer.copy([element]).skipped == 1)
    try memory.write(ObjectKey("m"), Array("other".utf8))
    #expect(transfer.copy([element]).done == 1)
  }

  @Test func `it has no descriptors`() throws {
    try memory.write(ObjectKey("m"), [1])
    let error = #expect(throws: StorageError.self) { try memory.openDescriptor(ObjectKey("m")) }
    #expect(error?.message == "memory/m: the container is no directory, it has no descriptors: read it.")
  }
}
