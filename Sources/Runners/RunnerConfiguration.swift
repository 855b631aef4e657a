internal import Glibc

/// How this host starts, limits and ends its runners.
public struct RunnerConfiguration: Sendable {
  public enum Isolation: Sendable {
    /// A process for each runner.
    case process
    /// A thread of this process: for a debugger or sanitizer. What a plugin breaks stays broken, and nothing is killed.
    case thread
  }

  public struct User: Sendable, Hashable {
    public var uid: UInt32
    public var gid: UInt32

    /// - Throws: `.noSuchUser`.
    public init(named name: String) throws(RunnersError) {
      guard let entry = getpwnam(name) else { throw RunnersError(.noSuchUser, subject: name) }
      uid = entry.pointee.pw_uid
      gid = entry.pointee.pw_gid
    }
  }

  /// The program `weir-runner`.
  public var program: String
  /// As plugins read it in `weir_host.version`.
  public var hostVersion: String
  /// Where each runner gets a folder of its own, closed to all other users.
  public var scratch: String
  /// Whose rights runners have when this process is root's; nil: they keep its own.
  public var user: User?
  public var isolation = Isolation.process
  /// Landlock and refused system calls, as far as the kernel has them.
  public var isSandboxed = true
  /// Between telling a task to stop and killing its runner.
  public var grace: Duration = .seconds(5)
  /// Between starting a runner and its READY.
  public var loadTimeout: Duration = .seconds(30)
  /// Between telling an idle runner to leave and killing it.
  public var closeTimeout: Duration = .seconds(2)
  /// A runner is replaced after so many tasks,
  public var tasksPerRunner = 10_000
  /// and when its memory has grown by more than this since it was ready.
  public var growthLimitMB = 256
  /// Quick tasks that may be in one runner's hands at a time; 1: no pipelining.
  public var pipelineDepth = 32
  /// How often the memory of busy runners is looked at.
  public var memoryInterval: Duration = .milliseconds(100)
  /// Longest log line in bytes; the rest is cut.
  public var logLineLimit = 8192
  /// Lines that a task may write at once,
  public var logBurst = 1000
  /// and then each second.
  public var logRate = 100

  /// - Throws: `.runnerMissing`, `.noSuchUser`.
  public init(hostVersion: String, environment: [String: String], scratch: String? = nil) throws(RunnersError) {
    self.hostVersion = hostVersion
    program = try Self.findProgram(environment: environment)
    self.scratch = scratch ?? "/tmp/weir-scratch-\(getuid())"
    user = getuid() == 0 ? try User(named: "nobody") : nil
  }

  /// `WEIR_RUNNER`, or `weir-runner` beside this program.
  private static func findProgram(environment: [String: String]) throws(RunnersError) -> String {
    let path = environment["WEIR_RUNNER"] ?? (programFolder() + "/weir-runner")
    guard access(path, X_OK) == 0 else { throw RunnersError(.runnerMissing, subject: path) }
    return path
  }

  /// The folder of this process's program.
  public static func programFolder() -> String {
    var room = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = room.withUnsafeMutableBytes { raw in
      readlink("/proc/self/exe", raw.baseAddress!.assumingMemoryBound(to: CChar.self), raw.count)
    }
    let path = String(decoding: room.prefix(max(0, count)), as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}
