import Glibc
import HandlerABI
import HandlerStub
import Runners
import Testing

/// The fixture `Mapped`, loaded into the test's own process, over a storage that has no files and gives ranges only.
enum MappedPlugin {
  struct Missing: Error { let why: String }

  // found once, and never unloaded
  private nonisolated(unsafe) static let found: Result<UnsafePointer<weir_plugin>, Missing> = {
    let path = "\(RunnerConfiguration.programFolder())/libMapped.so"
    typealias Entry = @convention(c) (UInt32) -> UnsafePointer<weir_plugin>?
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(library, "weir_plugin_v1"),
      let plugin = unsafeBitCast(symbol, to: Entry.self)(1)
    else { return .failure(Missing(why: String(cString: dlerror()))) }
    return .success(plugin)
  }()

  /// Calls `handler` with a path.
  static func call(_ host: StubHost, _ handler: String, _ path: String) throws -> Bool {
    host.call(try found.get(), handler, #"{"path": "\#(path)"}"#)
  }
}
