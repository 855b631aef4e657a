internal import CKernel
internal import Glibc
internal import HandlerLoader

/// Both ends of what connects a host and a runner.
struct Descriptors {
  var socket: [Int32] = [-1, -1]
  var output: [Int32] = [-1, -1]
  var errors: [Int32] = [-1, -1]
  var page: Int32 = -1
  var cancel: Int32 = -1

  mutating func open(subject: String) throws(RunnersError) {
    let failed: String? =
      if weir_socket_pair(&socket) != 0 { "socketpair" } else if weir_pipe(&output) != 0 || weir_pipe(&errors) != 0 { "pipe2" } else {
        openMemory()
      }
    if let failed { throw RunnersError(.systemRefused(call: failed, errno: errno), subject: subject) }
  }

  private mutating func openMemory() -> String? {
    page = weir_shared_new("weir-page", MemoryLayout<weir_page>.size)
    if page < 0 { return "memfd_create" }
    cancel = weir_eventfd_new()
    return cancel < 0 ? "eventfd" : nil
  }

  /// The host's own ends go on to the runner's record.
  mutating func keepHostEnds() {
    socket[0] = -1
    output[0] = -1
    errors[0] = -1
    cancel = -1
  }

  mutating func closeAll() {
    for descriptor in socket + output + errors + [page, cancel] where descriptor >= 0 { close(descriptor) }
    self = Descriptors()
  }
}

extension Descriptors {
  /// Serves the runner's ends on a thread of this process, which keeps copies of its own.
  func serveOnThread() throws(RunnersError) -> (pid: Int32, end: Int32) {
    let end = weir_eventfd_new()
    let copies = [socket[1], cancel, page, end].map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
    guard end >= 0, !copies.contains(-1),
      let page = weir_shared_map(copies[2], MemoryLayout<weir_page>.size, 1)
    else { throw RunnersError(.systemRefused(call: "fcntl", errno: errno), subject: "in-process runner") }
    let address = UInt(bitPattern: page)
    startThread(named: "weir-runner", stackSize: 8 << 20) {
      let page = UnsafeMutableRawPointer(bitPattern: address)!.assumingMemoryBound(to: weir_page.self)  // mapped above
      var serving = weir_serving(socket: copies[0], cancel: copies[1], page: page, restrict_process: nil)
      _ = weir_serve(&serving)
      weir_eventfd_raise(copies[3])
      copies.forEach { close($0) }
    }
    return (0, end)
  }
}
