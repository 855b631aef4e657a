import Dispatch
import Engine
import Logging
import Runtime
import ServiceLifecycle
import Synchronization

/// Ends the host when nothing is left that it could do.
final class Finish: Service {
  private static let interval: DispatchTimeInterval = .milliseconds(250)

  private let runtime: HostRuntime
  private let logger: Logger
  private let wake = DispatchSemaphore(value: 0)
  private let result = Mutex<Prospect?>(nil)

  init(runtime: HostRuntime, logger: Logger) {
    self.runtime = runtime
    self.logger = logger
  }

  /// Nil while there was work, and when the host was told to stop before there was none.
  var found: Prospect? { result.withLock { $0 } }

  func run() async throws {
    await withGracefulShutdownHandler {
      await RunningHost.onThread { [self] in look() }
    } onGracefulShutdown: { [wake] in
      wake.signal()
    }
  }

  private func look() {
    repeat {
      do {
        let prospect = try runtime.prospect()
        if !prospect.hasWork { return result.withLock { $0 = prospect } }
      } catch {
        logger.warning("Cannot see whether work is left", metadata: ["error": "\(String(reflecting: error))"])
      }
    } while wake.wait(timeout: .now() + Self.interval) == .timedOut
  }
}

/// Does nothing until the host is told to stop: its work has threads of its own.
struct Standing: Service {
  func run() async throws { try await gracefulShutdown() }
}
