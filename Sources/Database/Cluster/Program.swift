import CKernel
import Glibc

/// Programs that are started and waited for, or left running.
enum Program {
  /// What a program that ended left behind.
  struct Ending {
    /// Nil when it was ended by a signal, or could not be waited for.
    let exitStatus: Int32?
    let output: String
    var isSuccess: Bool { exitStatus == 0 }
  }

  /// Starts a program, found by PATH, in a session of its own, without the caller's environment.
  /// - Parameters:
  ///   - output: the descriptor for what it prints; -1 drops it.
  ///   - inherited: one more descriptor that it and its children hold open.
  static func start(_ arguments: [String], output: Int32, inherited: Int32 = -1) throws(FileFault) -> Int32 {
    guard let program = find(arguments[0]) else { throw FileFault("run", arguments[0], number: ENOENT) }
    let environment = ["PATH=\(searchPath)", "LC_ALL=C.UTF-8", "TZ=UTC"]
    let pid = withCStrings(arguments) { arguments in
      withCStrings(environment) { environment in
        weir_spawn(program, arguments, environment, [-1, output, output, inherited, -1, -1])
      }
    }
    guard pid > 0 else { throw FileFault("run", program, number: -pid) }
    return pid
  }

  /// Runs a program to its end.
  static func run(_ arguments: [String], inherited: Int32 = -1) throws(FileFault) -> Ending {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw FileFault("make a pipe for", arguments[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let pid: Int32
    do throws(FileFault) {
      pid = try start(arguments, output: ends[1], inherited: inherited)
    } catch {
      close(ends[1])
      throw error
    }
    close(ends[1])
    let output = Files.read(descriptor: ends[0])
    return Ending(exitStatus: wait(for: pid), output: output)
  }

  /// The exit status of a child that has ended or soon will; nil when a signal ended it.
  static func wait(for pid: Int32) -> Int32? {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      guard errno == EINTR else { return nil }
    }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : nil
  }

  /// Whether a child has ended; it is reaped by this.
  static func hasEnded(_ pid: Int32) -> Bool {
    var status: Int32 = 0
    return waitpid(pid, &status, WNOHANG) != 0
  }

  static func find(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    return searchPath.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  static var searchPath: String {
    getenv("PATH").map { String(cString: $0) } ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  }

  private static func withCStrings<T>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
    let copies = texts.map { strdup($0) } + [nil]
    defer { copies.forEach { free($0) } }
    return body(copies)
  }
}
