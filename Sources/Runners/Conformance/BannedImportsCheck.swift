/// 5: it does not call what would change or end the process that it shares (rule R7).
struct BannedImportsCheck: Check {
  let number = 5
  let name = "banned-imports"
  let level = 1

  private static let reasons: [(names: Set<String>, reason: String)] = [
    (["exit", "_exit", "_Exit", "quick_exit"], "would end the runner: return a status instead"),
    (
      [
        "fork", "vfork", "clone", "system", "popen", "posix_spawn", "posix_spawnp", "execv", "execve", "execvp", "execl",
        "execlp", "execle", "execvpe", "fexecve",
      ], "starts programs: a task's memory and time limits would not hold for them"
    ),
    (
      ["sigaction", "signal", "sigprocmask", "bsd_signal", "sysv_signal", "__sysv_signal"],
      "changes signals, which are the runner's"
    ),
    (["setlocale", "chdir", "fchdir", "umask", "setrlimit", "prctl"], "changes the process for all that runs in it"),
    (["setenv", "putenv", "unsetenv", "clearenv"], "changes the environment, which other threads read"),
    (["dlopen", "dlmopen", "dlclose"], "loads code that no check has seen: link it instead"),
    (["longjmp", "_longjmp", "siglongjmp", "__longjmp_chk"], "may jump out of run(), over the host's frames"),
  ]

  func look(at subject: CheckSubject) -> CheckFinding {
    let imports = subject.image.symbols.filter { !$0.isDefined && !$0.isLocal }.map(\.name)
    var failures: [String] = []
    for (names, reason) in Self.reasons {
      let found = imports.filter { names.contains($0) }
      if !found.isEmpty { failures.append("It imports \(found.sorted().joined(separator: ", ")), which \(reason).") }
    }
    return .failed(failures)
  }
}
