import Glibc
import Runners
public import Workflow

/// What this machine's kernel and this process's user can do to keep runners apart.
public struct KernelFacts: Sendable {
  /// 0: none.
  public var landlock = 0
  public var hasSeccomp = true
  public var isRoot = false
  /// Whose rights runners get when the host is root.
  public var runnerUser = ""
  public var hasRunnerUser = true

  public init() {}

  /// - Parameter runnerUser: the configuration's.
  public init(runnerUser: String) {
    landlock = RunnerSandbox.landlockVersion
    hasSeccomp = Self.knowsProcessor && access("/proc/sys/kernel/seccomp/actions_avail", F_OK) == 0
    isRoot = geteuid() == 0
    self.runnerUser = runnerUser
    hasRunnerUser = getpwnam(runnerUser) != nil
  }

  public var findings: [Finding] { [sandbox, user] }

  private var sandbox: Finding {
    var missing: [String] = []
    if landlock == 0 { missing.append("no Landlock (files outside the scratch folder are not protected)") }
    if !hasSeccomp { missing.append("no seccomp for this processor (sockets, other processes and programs are not refused)") }
    if !missing.isEmpty {
      return Finding(
        .warning, "runners.sandbox", "Weir isolates faults here, not malice: the kernel has \(missing.joined(separator: " and ")).",
        hint: "Load plugins that you trust only, or use Linux 6.2 or newer with CONFIG_SECURITY_LANDLOCK and lsm=landlock,... at its start."
      )
    }
    guard landlock < 6 else { return Finding(.fine, "runners.sandbox", "Landlock \(landlock) and seccomp") }
    return Finding(
      .note, "runners.sandbox",
      "Landlock \(landlock): signals to processes of the same user and abstract sockets are not refused, and TCP only by seccomp.",
      hint: "Linux 6.12 brings Landlock 6.")
  }

  private var user: Finding {
    if !isRoot { return Finding(.fine, "runners.user", "the host's own (uid \(geteuid())); the sandbox keeps runners apart") }
    guard hasRunnerUser else {
      return Finding(
        .error, "runners.user", "this machine has no user \"\(runnerUser)\", so runners cannot give up root's rights.",
        hint: "Name an existing one by runner_user, or make it: adduser --system \(runnerUser)")
    }
    return Finding(.fine, "runners.user", "\"\(runnerUser)\"")
  }

  private static var knowsProcessor: Bool {
    #if arch(x86_64) || arch(arm64)
      true
    #else
      false
    #endif
  }
}
