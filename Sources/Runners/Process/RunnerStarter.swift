internal import CKernel
internal import Glibc
internal import HandlerLoader

/// Starts runners: the process with its scrubbed environment and six descriptors, and its folder.
struct RunnerStarter: Sendable {
  /// All that a plugin sees of the host's environment.
  static let environment = ["PATH=/usr/bin:/bin", "LANG=C.UTF-8", "TZ=UTC", "SWIFT_BACKTRACE=enable=no"]

  let configuration: RunnerConfiguration
  let root: ScratchRoot

  func start() throws(RunnersError) -> RunnerProcess {
    let scratch = try root.makeFolder(for: configuration.user)
    do throws(RunnersError) {
      var ends = Descriptors()
      defer { ends.closeAll() }
      try ends.open(subject: configuration.program)
      let page = weir_shared_map(ends.page, MemoryLayout<weir_page>.size, 1)
      guard let page else { throw RunnersError(.systemRefused(call: "mmap", errno: errno), subject: scratch) }
      let started = try configuration.isolation == .process ? spawn(ends) : ends.serveOnThread()
      defer { ends.keepHostEnds() }
      return RunnerProcess(
        pid: started.pid, end: started.end, socket: ends.socket[0], output: ends.output[0], errors: ends.errors[0],
        cancel: ends.cancel, page: page.assumingMemoryBound(to: weir_page.self), scratch: scratch)
    } catch {
      ScratchFolder.remove(scratch)
      throw error
    }
  }

  private func spawn(_ ends: Descriptors) throws(RunnersError) -> (pid: Int32, end: Int32) {
    var arguments = [configuration.program]
    if let user = configuration.user { arguments += ["--as", String(user.uid), String(user.gid)] }
    let given = [-1, ends.output[1], ends.errors[1], ends.socket[1], ends.page, ends.cancel]
    let pid = withCStrings(arguments) { arguments in
      withCStrings(Self.environment) { environment in weir_spawn(configuration.program, arguments, environment, given) }
    }
    guard pid > 0 else {
      throw RunnersError(.systemRefused(call: "posix_spawn", errno: -pid), subject: configuration.program)
    }
    let end = weir_pidfd(pid)
    if end < 0 {
      let reason = errno
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
      throw RunnersError(.systemRefused(call: "pidfd_open", errno: reason), subject: configuration.program)
    }
    return (pid, end)
  }
}

/// Calls `body` with a NULL-terminated array of C strings.
func withCStrings<T>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
  let copies = strings.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  return body(copies + [nil])
}
