internal import CKernel
internal import Glibc
internal import HandlerLoader
internal import Synchronization

/// A started runner: its process, or its thread, and the host's ends of everything that connects to it.
///
/// Owned by one loop at a time; `close` gives all back.
final class RunnerProcess: @unchecked Sendable {  // handed from the thread that starts it to the loop, never shared
  /// 0 for a thread of this process.
  let pid: Int32
  /// A pidfd, or an eventfd that is raised when the thread ends.
  let end: Int32
  let socket: Int32
  let output: Int32
  let errors: Int32
  let cancel: Int32
  let page: UnsafeMutablePointer<weir_page>
  /// The runner's own folder.
  let scratch: String
  private let statistics: Int32
  private var isClosed = false

  init(
    pid: Int32, end: Int32, socket: Int32, output: Int32, errors: Int32, cancel: Int32,
    page: UnsafeMutablePointer<weir_page>, scratch: String
  ) {
    self.pid = pid
    self.end = end
    self.socket = socket
    self.output = output
    self.errors = errors
    self.cancel = cancel
    self.page = page
    self.scratch = scratch
    statistics = pid == 0 ? -1 : open("/proc/\(pid)/statm", O_RDONLY | O_CLOEXEC)
  }

  var isThread: Bool { pid == 0 }

  /// Resident memory in MiB; 0 when it cannot be read.
  func residentMB() -> Int {
    var text: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
    return withUnsafeMutableBytes(of: &text) { raw in
      let count = pread(statistics, raw.baseAddress!, raw.count, 0)
      guard count > 0 else { return 0 }
      let fields = raw[..<count].split(separator: UInt8(ascii: " "), maxSplits: 2)
      guard fields.count > 1 else { return 0 }
      let pages = fields[1].reduce(0) { $0 * 10 + Int($1) - 48 }
      return (pages * Int(getpagesize())) >> 20
    }
  }

  /// Tells the task with this number to stop.
  func raiseCancel(task: UInt64, reason: CancelReason) {
    page.pointee.cancel_reason = reason.rawValue
    atomicStore(task)
    weir_eventfd_raise(cancel)
  }

  func clearCancel() {
    atomicStore(0)
    weir_eventfd_clear(cancel)
  }

  /// The number of the task that the runner began last, by its own word; 0 before the first.
  var begun: UInt64 {
    guard let offset = MemoryLayout<weir_page>.offset(of: \.begun) else { return 0 }
    return (UnsafeMutableRawPointer(page) + offset).withMemoryRebound(to: Atomic<UInt64>.self, capacity: 1) {
      $0.pointee.load(ordering: .acquiring)
    }
  }

  /// SIGKILL to the whole group; a thread of this process cannot be killed.
  func kill() {
    guard pid > 0 else { return }
    _ = weir_signal_group(pid, SIGKILL)
    _ = weir_signal(end, SIGKILL)  // also when it left its group
  }

  /// How it ended, and the CPU time of its life; nil: it still runs.
  func reap() -> (end: ProcessEnd, cpu: Duration, peakKB: Int)? {
    if isThread { return (.exit(0), .zero, 0) }
    var ended = weir_ended()
    switch weir_reap(end, &ended) {
    case 0: return nil
    case 1:
      return (
        ended.exited != 0 ? .exit(ended.status) : .signal(ended.status), .microseconds(Int64(clamping: ended.cpu_us)),
        Int(clamping: ended.peak_rss_kb)
      )
    default: return (.unknown, .zero, 0)
    }
  }

  func close() {
    if isClosed { return }
    isClosed = true
    for descriptor in [end, socket, output, errors, cancel, statistics] where descriptor >= 0 { Glibc.close(descriptor) }
    weir_shared_unmap(page, MemoryLayout<weir_page>.size)
  }

  /// The runner polls the word while the host writes it: one store, after the reason.
  private func atomicStore(_ number: UInt64) {
    UnsafeMutableRawPointer(page).withMemoryRebound(to: Atomic<UInt64>.self, capacity: 1) {
      $0.pointee.store(number, ordering: .releasing)
    }
  }
}
