import Glibc
public import Workflow

/// The limits that the system sets to this process, and what a host of this configuration needs.
public struct LimitFacts: Sendable {
  /// Runners at a time.
  public var slots: Int
  public var connections: Int
  /// Open files; nil: no limit.
  public var files: Int?
  /// Processes and threads that can still be made; nil: no limit is known.
  public var processes: Int?

  /// - Parameter files: a test's own; nil: no limit.
  public init(slots: Int, connections: Int, files: Int?, processes: Int?) {
    self.slots = slots
    self.connections = connections
    self.files = files
    self.processes = processes
  }

  /// Asks the system.
  public init(slots: Int, connections: Int) {
    self.slots = slots
    self.connections = connections
    files = Self.limit(RLIMIT_NOFILE)
    let present = Self.processesNow
    let room = [Self.number("/proc/sys/kernel/pid_max"), Self.number("/proc/sys/kernel/threads-max")].compactMap { $0 }.map { $0 - present }
    processes = (room + [Self.roomInGroup].compactMap { $0 }).min()
  }

  /// Descriptors: a runner has a socket, a page, a pidfd, two pipes and files that are handed to it; then connections,
  /// callers of the API and objects in transfer.
  var wantedFiles: Int { 256 + slots * 16 + connections * 2 }
  /// A runner is a process with a few threads; the private PostgreSQL has a process for each connection.
  var wantedProcesses: Int { 64 + slots * 8 + connections * 2 }

  public var findings: [Finding] { [openFiles, processCount] }

  private var openFiles: Finding {
    guard let files, files < wantedFiles else {
      return Finding(.fine, "limits.files", files.map { "\($0) open files" } ?? "no limit of open files")
    }
    return Finding(
      files < wantedFiles / 2 ? .error : .warning, "limits.files",
      "this process may open \(files) files, and \(slots) runners with \(connections) connections want \(wantedFiles).",
      hint: "ulimit -n 65536 before the start; LimitNOFILE=65536 in a systemd unit; fewer runners.")
  }

  private var processCount: Finding {
    guard let processes, processes < wantedProcesses else {
      return Finding(.fine, "limits.processes", processes.map { "room for \($0)" } ?? "no limit is known")
    }
    return Finding(
      .error, "limits.processes", "there is room for \(max(0, processes)) more processes, and \(slots) runners want \(wantedProcesses).",
      hint: "Raise kernel.pid_max (sysctl), pids.max of the container, or TasksMax= of the systemd unit.")
  }

  private static func limit(_ which: __rlimit_resource) -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(which.rawValue), &limit) == 0, limit.rlim_cur < UInt64(Int32.max) else { return nil }
    return Int(limit.rlim_cur)
  }

  /// The fourth word of /proc/loadavg is `1/234`: threads that run, threads there are.
  private static var processesNow: Int {
    let words = (text("/proc/loadavg") ?? "").split(separator: " ")
    return words.count > 3 ? Int(words[3].split(separator: "/").last ?? "") ?? 0 : 0
  }

  /// What the control group (a container, a systemd unit) leaves.
  private static var roomInGroup: Int? {
    guard let line = text("/proc/self/cgroup")?.split(separator: "\n").first(where: { $0.hasPrefix("0::") }) else { return nil }
    let group = "/sys/fs/cgroup" + line.dropFirst(3)
    guard let most = number("\(group)/pids.max"), let now = number("\(group)/pids.current") else { return nil }
    return most - now
  }

  private static func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.prefix { $0.isNumber }) }
  }

  private static func text(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
