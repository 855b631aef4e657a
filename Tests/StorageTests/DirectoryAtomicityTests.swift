import Glibc
import Synchronization
import Testing

@testable import Storage

@Suite struct `A write appears whole or not` {
  private let folder: Folder
  private let store: DirectoryStore

  init() throws {
    folder = try Folder()
    store = folder.store
  }

  @Test func `a writer that is killed in the middle leaves nothing`() async throws {
    try store.put("old", "a/k")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = store.path as String] in
      let store = DirectoryStore(name: try ContainerName("bronze"), path: path)
      for key in ["a/k", "a/new"] {
        let writer = try store.openWrite(ObjectKey(key), options: WriteOptions(), isVerified: false, cancel: .never)
        try [UInt8](repeating: 7, count: 3 << 20).withUnsafeBytes { bytes in try writer.push(bytes) }
      }
      kill(getpid(), SIGKILL)
    }
    #expect(try store.text("a/k") == "old")
    #expect(try folder.names(in: "a") == ["k"])
  }

  @Test func `nothing is seen before the commit, nor after an abort`() throws {
    for isAborted in [true, false] {
      let writer = try store.openWrite(ObjectKey("k"), options: WriteOptions(), isVerified: false, cancel: .never)
      try Array("half".utf8).withUnsafeBytes { bytes in try writer.push(bytes) }
      #expect(try folder.names() == [])
      if isAborted { writer.abort() }
    }
    #expect(try folder.names() == [])
  }

  @Test func `of many writers that must not find it there exactly one wins`() throws {
    for round in 0..<20 {
      let wins = Atomic(0)
      let conflicts = Atomic(0)
      Lanes.forEach(16, lanes: 16) { index in
        do {
          try store.put("writer \(index)", "r\(round)/k", WriteOptions(ifExists: .fail))
          wins.add(1, ordering: .relaxed)
        } catch { if (error as? StorageError)?.code == .exists { conflicts.add(1, ordering: .relaxed) } }
      }
      #expect(wins.load(ordering: .relaxed) == 1)
      #expect(conflicts.load(ordering: .relaxed) == 15)
    }
  }

  @Test func `of many writers that replace one version exactly one wins`() throws {
    let etag = try store.put("first", "k").head.etag
    let wins = Atomic(0)
    Lanes.forEach(16, lanes: 16) { index in
      if (try? store.put("writer \(index)", "k", WriteOptions(ifMatch: etag))) != nil { wins.add(1, ordering: .relaxed) }
    }
    #expect(wins.load(ordering: .relaxed) == 1)
  }

  @Test func `readers beside writers see one version or the other`() throws {
    let size = 300_000
    try store.write(ObjectKey("k"), [UInt8](repeating: 0, count: size))
    Lanes.forEach(4, lanes: 4) { lane in
      for round in 0..<50 {
        if lane < 2 {
          _ = try? store.write(ObjectKey("k"), [UInt8](repeating: UInt8(lane * 50 + round), count: size))
        } else if let bytes = try? store.read(ObjectKey("k")).bytes {
          if bytes.count != size || bytes.contains(where: { $0 != bytes[0] }) { Issue.record("a mixture") }
        } else {
          Issue.record("no object")
        }
      }
    }
  }

  @Test func `writers and removers of one folder do not trip over each other`() throws {
    Lanes.forEach(8, lanes: 8) { lane in
      for _ in 0..<50 {
        do {
          let key = try ObjectKey("deep/er/k\(lane)")
          try store.write(key, [1])
          try store.remove(key)
        } catch { Issue.record("\(error)") }
      }
    }
    #expect(try folder.names() == [])
  }

  @Test func `a file system without unnamed files holds the same promises`() throws {
    let key = try ObjectKey("a/k")
    for round in 0..<2 {
      let file = try UnnamedFile(in: store, for: key, isNamed: true)
      #expect(write(file.descriptor.number, "\(round)", 1) == 1)
      let head = try file.seal(sha256: String(repeating: "0", count: 64), type: nil)
      #expect(try store.keys() == (round == 0 ? [] : ["a/k"]))
      if round == 1 { #expect(file.link(as: "k") == EEXIST) }
      let placed = try DirectoryPlacement(store, key, WriteOptions(), .never).place(file, head)
      #expect(placed.isWritten && placed.head.etag == head.etag)
      #expect(try store.text("a/k") == "\(round)")
    }
    do { _ = try UnnamedFile(in: store, for: key, isNamed: true) }
    #expect(try folder.names(in: "a") == ["k"])
  }

  @Test func `what killed writers left on old file systems is cleaned by age`() throws {
    try store.put("x", "a/k")
    try folder.put("left", at: "bronze/a/.weir-0123")
    #expect(try store.keys() == ["a/k"])
    #expect(try store.clean(olderThan: .seconds(3600)) == 0)
    #expect(try store.clean(olderThan: .seconds(-10)) == 1)
    #expect(try folder.names(in: "a") == ["k"])
  }
}
