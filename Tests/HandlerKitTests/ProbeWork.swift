import Foundation
import HandlerKit
import HandlerStub
import Synchronization

/// Calls the probe: one test at a time, since a plugin's handler knows its name only.
enum ProbeWork {
  static let work = Mutex<(@Sendable (Probe.Params, Task) throws -> Void)?>(nil)
  private static let turn = Mutex(())
  static let plugin = Plugin(id: "kit", version: "1.0.0", license: "x", handlers: [Probe(), Quiet()])

  static func call(
    _ host: StubHost, _ params: String = #"{"n":1}"#, check: Bool = false, _ body: @escaping @Sendable (Probe.Params, Task) throws -> Void
  ) -> Bool {
    turn.withLock { _ in
      work.withLock { $0 = body }
      return host.call(plugin.entry, Probe.name, params, check: check)
    }
  }

  static func host(granted: Set<String>? = nil) -> StubHost {
    StubHost(folder: NSTemporaryDirectory() + "kit-\(UUID().uuidString)", granted: granted)
  }
}

/// A handler of the defaults.
struct Quiet: Handler {
  static let name = "kit.quiet"
  static let version = "1.0.0"
  static let params = Schema.object()

  struct Params: Decodable {}

  func run(_ params: Params, _ task: Task) throws -> NoResult { NoResult() }
}
