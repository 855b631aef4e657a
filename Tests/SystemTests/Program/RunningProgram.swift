import CKernel
import Glibc
import TestSupport

/// What a program that has ended left behind.
struct Output: Sendable, CustomStringConvertible {
  /// The exit status, or 128 and the signal.
  var status: Int
  var out: String
  var err: String

  var description: String { "status \(status)\nstdout: \(out)\nstderr: \(err)" }
}

/// The real `weir` as a child process, with its output in files.
final class RunningProgram: Sendable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Beside the test program.
  static let folder: String = {
    guard let path = realpath("/proc/self/exe", nil) else { return "." }
    defer { free(path) }
    return String(String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"))
  }()

  let pid: Int
  private let pidfd: Int32
  private let files: TemporaryFolder

  /// - Parameter environment: besides PATH, HOME and the like; nothing that begins with WEIR_ is inherited.
  init(_ arguments: [String], environment: [String: String] = [:], program: String = "\(folder)/weir") throws {
    files = TemporaryFolder()
    let (out, err) = (try Self.file("\(files.path)/out"), try Self.file("\(files.path)/err"))
    defer {
      close(out)
      close(err)
    }
    var variables = environment
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "USER"] where variables[name] == nil {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    let started = Self.withStrings([program] + arguments) { arguments in
      Self.withStrings(variables.map { "\($0)=\($1)" }) { environment in
        withUnsafePointer(to: (Int32(-1), out, err, Int32(-1), Int32(-1), Int32(-1))) { descriptors in
          descriptors.withMemoryRebound(to: Int32.self, capacity: 6) { weir_spawn(program, arguments, environment, $0) }
        }
      }
    }
    guard started > 0 else { throw Failure(description: "\(program): \(String(cString: strerror(-started)))") }
    pid = Int(started)
    pidfd = weir_pidfd(started)
  }

  deinit {
    _ = weir_signal(pidfd, SIGKILL)
    _ = Self.isReadable(pidfd, within: .seconds(10))
    var ended = weir_ended()
    _ = weir_reap(pidfd, &ended)
    close(pidfd)
  }

  var out: String { Self.text("\(files.path)/out") }
  var err: String { Self.text("\(files.path)/err") }
  var hasEnded: Bool { Self.isReadable(pidfd, within: .zero) }

  func signal(_ signal: Int32) { _ = weir_signal(pidfd, signal) }

  /// Waits for its end.
  /// - Throws: when it does not come in time; then it is killed.
  func end(within limit: Duration = .seconds(120)) async throws -> Output {
    try await onOwnThread { [self] in try ended(within: limit) }
  }

  /// The same; blocks.
  func ended(within limit: Duration) throws -> Output {
    let isLate = !Self.isReadable(pidfd, within: limit)
    if isLate {
      signal(SIGKILL)
      _ = Self.isReadable(pidfd, within: .seconds(60))
    }
    var ended = weir_ended()
    _ = weir_reap(pidfd, &ended)
    let output = Output(status: ended.exited == 1 ? Int(ended.status) : 128 + Int(ended.status), out: out, err: err)
    guard !isLate else { throw Failure(description: "it did not end within \(limit): \(output)") }
    return output
  }

  /// Looks again and again until `found` answers something.
  /// - Throws: when the program ends before, or the time is over.
  func wait<T: Sendable>(
    _ what: String, within limit: Duration = .seconds(120), every pause: Duration = .milliseconds(20),
    _ found: @escaping @Sendable () throws -> T?
  ) async throws -> T {
    let limit = ContinuousClock.now + limit
    return try await onOwnThread { [self] in
      while true {
        if let value = try found() { return value }
        if Self.isReadable(pidfd, within: pause) { throw Failure(description: "it ended before \(what):\n\(out)\n\(err)") }
        guard ContinuousClock.now < limit else { throw Failure(description: "no \(what) in time:\n\(out)\n\(err)") }
      }
    }
  }

  private static func isReadable(_ descriptor: Int32, within limit: Duration) -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, Int32(limit / .milliseconds(1))) == 1
  }

  private static func file(_ path: String) throws -> Int32 {
    let file = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Failure(description: "\(path): \(String(cString: strerror(errno)))") }
    return file
  }

  static func text(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func withStrings<T>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
