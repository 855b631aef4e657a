internal import CKernel
internal import Glibc

/// Lets a process of its own load a library and tell what it sees there; the process is killed when it takes too long.
struct LibraryProbe {
  enum Phase {
    case load, entry, layout
    case version(UInt32)

    var argument: String {
      switch self {
      case .load: "load"
      case .entry: "entry"
      case .layout: "layout"
      case .version(let minor): "version=\(minor)"
      }
    }
  }

  /// What the process told before it ended.
  struct Report {
    var numbers: [String: Int] = [:]
    var bad: [String] = []
    /// nil: it did all that it was asked to.
    var crash: String?
  }

  let subject: CheckSubject
  static let limit: Duration = .seconds(20)

  func report(_ phase: Phase) -> Report {
    var output: [Int32] = [-1, -1]
    guard weir_pipe(&output) == 0 else { return Report(crash: "no pipe could be made: \(systemMessage(errno))") }
    defer { close(output[0]) }
    let configuration = subject.configuration
    let library = ReachableLibrary.path(of: subject.library, configuration: configuration)
    var arguments = [configuration.program, "--probe", phase.argument, library]
    if let user = configuration.user { arguments += [String(user.uid), String(user.gid)] }
    let pid = withCStrings(arguments) { arguments in
      withCStrings(RunnerStarter.environment) { environment in
        weir_spawn(configuration.program, arguments, environment, [-1, output[1], -1, -1, -1, -1])
      }
    }
    close(output[1])
    guard pid > 0 else { return Report(crash: "\(configuration.program) cannot be started: \(systemMessage(-pid))") }
    let end = weir_pidfd(pid)
    defer { close(end) }
    let told = readAll(output[0], process: end)
    _ = weir_signal_group(pid, SIGKILL)
    var ended = weir_ended()
    while weir_reap(end, &ended) == 0 { usleep(1000) }
    return parse(told, ended)
  }

  private func readAll(_ pipe: Int32, process: Int32) -> String {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 16 << 10)
    let deadline = monotonicNow() + Self.limit.nanoseconds
    var isOver = false
    while bytes.count < 1 << 20 {
      let count = read(pipe, &room, room.count)
      if count > 0 {
        bytes += room[..<count]
        continue
      }
      // The pipe may outlive the process in one that it started: the process's end counts.
      if count == 0 || isOver || monotonicNow() > deadline { break }
      var waited = [pollfd(fd: pipe, events: Int16(POLLIN), revents: 0), pollfd(fd: process, events: Int16(POLLIN), revents: 0)]
      poll(&waited, 2, 200)
      isOver = waited[1].revents != 0
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func parse(_ told: String, _ ended: weir_ended) -> Report {
    var report = Report()
    for line in told.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { continue }
      if parts[0] == "bad" { report.bad.append(String(parts[1])) } else { report.numbers[String(parts[0])] = Int(parts[1]) }
    }
    if report.numbers["done"] == nil {
      report.crash =
        ended.exited != 0
        ? "the process left with code \(ended.status)"
        : ended.status == SIGKILL ? "it did not come back within \(Self.limit.text)" : "it crashed: \(signalName(ended.status))"
    }
    return report
  }
}

extension CheckFinding {
  /// What a probe's report amounts to when it ends early; nil: it did not.
  init?(crashOf report: LibraryProbe.Report) {
    guard let crash = report.crash else { return nil }
    self.init(status: .crashed(crash), findings: report.bad)
  }
}
