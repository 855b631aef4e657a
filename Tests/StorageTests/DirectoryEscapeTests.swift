import Glibc
import Synchronization
import Testing

@testable import Storage

@Suite struct `Ways out of a container` {
  private let folder: Folder
  private let store: DirectoryStore

  init() throws {
    folder = try Folder()
    store = folder.store
    mkdir(folder.path + "/outside", 0o755)
    try folder.put("secret", at: "outside/file")
  }

  @Test func `a symbolic link is neither read, written through nor listed`() throws {
    symlink(folder.path + "/outside/file", store.path + "/link")
    symlink(folder.path + "/outside", store.path + "/out")
    symlink("real", store.path + "/inner")
    try store.put("x", "real")
    for key in ["link", "out/file", "inner"] {
      #expect(code { _ = try store.read(ObjectKey(key)) } == .symbolicLink, "\(key)")
      #expect(code { _ = try store.put("y", key) } == .symbolicLink, "\(key)")
    }
    #expect(code { _ = try store.put("y", "out/new") } == .symbolicLink)
    #expect(code { try store.remove(ObjectKey("out/file")) } == .symbolicLink)
    #expect(try store.keys() == ["real"])
    #expect(try store.keys(ListQuery(prefix: "out/")) == [])
    #expect(try store.list(ListQuery(delimiter: "/"), cancel: .never).prefixes == [])
    #expect(access(folder.path + "/outside/file", F_OK) == 0 && access(folder.path + "/outside/new", F_OK) != 0)
  }

  @Test func `a hard link to a file elsewhere is no file of a task's scratch`() throws {
    mkdir(folder.path + "/scratch", 0o755)
    try #require(link(folder.path + "/outside/file", folder.path + "/scratch/mine") == 0)
    try folder.put("own", at: "scratch/own")
    let scratch = try DirectoryStore.scratch(folder.path + "/scratch")
    #expect(code { _ = try scratch.stat(ObjectKey("mine")) } == .denied)
    #expect(code { _ = try scratch.read(ObjectKey("mine")) } == .denied)
    #expect(code { _ = try scratch.openDescriptor(ObjectKey("mine")) } == .denied)
    #expect(try scratch.text("own") == "own")
    // an operator who keeps copies of a data set as hard links may do so
    try #require(link(folder.path + "/outside/file", store.path + "/kept") == 0)
    #expect(try store.text("kept") == "secret")
  }

  @Test func `a prefix does not lead out`() throws {
    #expect(throws: StorageError.self) { try store.keys(ListQuery(prefix: "../outside/")) }
    #expect(throws: StorageError.self) { try store.keys(ListQuery(prefix: "/")) }
    #expect(try store.keys(ListQuery(prefix: "..")) == [])
  }

  @Test func `a folder swapped for a link at any moment never gives what is outside`() throws {
    try store.put("inside", "dir/file")
    symlink(folder.path + "/outside", store.path + "/link")
    let swap = Swap(path: store.path)
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { raw in
        Unmanaged<Swap>.fromOpaque(raw!).takeUnretainedValue().work()  // the argument of the line below
        return nil
      }, Unmanaged.passUnretained(swap).toOpaque())
    for round in 0..<3000 {
      if let text = try? store.text("dir/file") { #expect(text == "inside") }
      _ = try? store.put("written", "dir/w\(round % 7)")
      _ = try? store.keys(ListQuery(prefix: "dir/"))
    }
    swap.isOver.store(true, ordering: .relaxed)
    pthread_join(thread, nil)
    #expect(try folder.names(in: "../outside") == ["file"])
  }

  /// Puts the link in the folder's place and back, again and again.
  private final class Swap: Sendable {
    let isOver = Atomic(false)
    private let path: String

    init(path: String) { self.path = path }

    func work() {
      while !isOver.load(ordering: .relaxed) {
        for (from, to) in [("dir", "away"), ("link", "dir"), ("dir", "link"), ("away", "dir")] {
          rename(path + "/" + from, path + "/" + to)
        }
      }
    }
  }

  @Test func `the store's own names are nobody's keys`() throws {
    let problem = "segments that start with \".weir-\" are the store's own"
    #expect(code { _ = try store.put("x", "a/.weir-1") } == .invalid(problem))
    #expect(code { _ = try store.stat(ObjectKey(".weir-1/x")) } == .invalid(problem))
  }
}
