internal import CKernel
internal import Glibc

/// One runner without a pool: started, asked what its library describes, and stopped. Blocks its thread.
final class RunnerProbe {
  enum Loaded {
    /// The description, as the frame READY has it.
    case ready([UInt8])
    case refused(String)
    case ended(ProcessEnd)
    case brokeProtocol(String)
    case tooSlow
  }

  private let root: ScratchRoot
  private let process: RunnerProcess
  private(set) var printed: [String] = []
  private var input = InputBuffer()
  private var output = OutputQueue()
  private var splitter = LineSplitter(longest: 1000)

  init(configuration: RunnerConfiguration) throws(RunnersError) {
    root = try ScratchRoot(in: configuration.scratch)
    process = try RunnerStarter(configuration: configuration, root: root).start()
  }

  deinit {
    process.kill()
    _ = waitForEnd(within: .seconds(5))
    process.close()
  }

  /// Sends HELLO and waits for what comes of it.
  func load(_ build: RunnerBuild, configuration: RunnerConfiguration) -> Loaded {
    output.append { bytes in
      bytes.appendHello(build, configuration: configuration, scratch: process.scratch)
    }
    _ = output.flush(to: process.socket)
    let deadline = monotonicNow() + configuration.loadTimeout.nanoseconds
    while true {
      do throws(FrameError) {
        while let (head, payload) = try input.next() {
          if let loaded = try loaded(head, payload) { return loaded }
        }
      } catch {
        return .brokeProtocol("the runner sent \(error.message): the plugin wrote into the runner's socket")
      }
      guard wait(for: process.socket, until: deadline) else { return .tooSlow }
      readPrinted()
      if input.receive(from: process.socket) == .ended {
        return waitForEnd(within: .seconds(5)).map { .ended($0) } ?? .brokeProtocol("the plugin closed the runner's socket")
      }
    }
  }

  private func loaded(_ head: FrameHead, _ payload: UnsafeRawBufferPointer) throws(FrameError) -> Loaded? {
    var cursor = PayloadCursor(payload)
    switch FrameHead.Kind(rawValue: head.kind) {
    case .ready: return .ready(try cursor.field().map { [UInt8]($0) } ?? [])
    case .refused: return .refused(try cursor.text("reason") ?? "no reason given")
    case .log: return nil
    default: throw FrameError("a frame of kind \(head.kind) before READY")
    }
  }

  /// Sends STOP; nil: it did not leave in time.
  func stop(within limit: Duration) -> ProcessEnd? {
    output.append { $0.appendFrame(.stop) { _ in } }
    _ = output.flush(to: process.socket)
    return waitForEnd(within: limit)
  }

  private func waitForEnd(within limit: Duration) -> ProcessEnd? {
    if let end { return end }
    guard wait(for: process.end, until: monotonicNow() + limit.nanoseconds) else { return nil }
    readPrinted()
    end = process.reap()?.end
    return end
  }

  private var end: ProcessEnd?

  private func readPrinted() {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { room in
      for pipe in [process.output, process.errors] {
        while printed.count < 100, case let count = read(pipe, room.baseAddress, room.count), count > 0 {
          splitter.take(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<count])) { printed.append($0) }
        }
      }
    }
    splitter.flush { printed.append($0) }
  }

  /// False: nothing came until then.
  private func wait(for descriptor: Int32, until deadline: Nanoseconds) -> Bool {
    while true {
      var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = deadline - monotonicNow()
      if left <= 0 { return false }
      let count = poll(&waited, 1, Int32(clamping: left / 1_000_000 + 1))
      if count > 0 { return true }
      if count < 0 && errno != EINTR { return false }
    }
  }
}
