import Glibc
import Runtime
import Storage
import TestSupport
import Testing
import Workflow

/// Each thing that a checkup looks for on a machine, planted and found.
@Suite struct `A machine's checkup` {
  private func kernel(_ change: (inout KernelFacts) -> Void) -> [Finding] {
    var facts = KernelFacts()
    facts.landlock = 6
    change(&facts)
    return facts.findings.filter { $0.severity > .fine }
  }

  @Test func `says what a kernel without a sandbox means`() {
    #expect(kernel { _ in } == [])
    let old = kernel {
      $0.landlock = 0
      $0.hasSeccomp = false
    }
    #expect(old.count == 1 && old[0].severity == .warning)
    #expect(old.first?.message.hasPrefix("Weir isolates faults here, not malice: the kernel has no Landlock") ?? false)
    #expect(old.first?.message.contains("and no seccomp") ?? false)
    #expect(kernel { $0.landlock = 4 }.first?.severity == .note)
  }

  @Test func `finds that root's runners have no user to become`() {
    let findings = kernel {
      $0.isRoot = true
      $0.runnerUser = "nemo"
      $0.hasRunnerUser = false
    }
    #expect(findings.map(\.subject) == ["runners.user"] && findings[0].severity == .error)
    #expect(findings[0].hint == "Name an existing one by runner_user, or make it: adduser --system nemo")
    #expect(KernelFacts(runnerUser: "no-such-user-here").hasRunnerUser == false)
    #expect(KernelFacts(runnerUser: "nobody").landlock >= 0)
  }

  private static let mib = 1 << 20
  private static let gib = 1 << 30
  /// Free and all bytes, files that can be made, and what is said of it.
  private static let rooms: [(Int, Int, Int?, Finding.Severity)] = [
    (100 * mib, 100 * gib, nil, .error), (800 * mib, 100 * gib, nil, .warning), (4 * gib, 100 * gib, nil, .warning),
    (40 * gib, 1000 * gib, nil, .fine), (40 * gib, 100 * gib, 5000, .warning), (40 * gib, 100 * gib, 5, .error),
    (40 * gib, 100 * gib, 500_000, .fine),
  ]

  @Test(arguments: rooms)
  func `judges the room on a disk`(free: Int, total: Int, files: Int?, severity: Finding.Severity) {
    let finding = RoomFacts(purpose: "folder", path: "/data", freeBytes: free, totalBytes: total, freeFiles: files).finding
    #expect(finding.severity == severity, "\(finding)")
    #expect(finding.message.hasPrefix("/data: "))
    #expect((finding.hint == nil) == (severity == .fine))
  }

  @Test func `asks about the folder above where there is none yet`() {
    let folder = TemporaryFolder()
    let facts = RoomFacts(purpose: "folder", path: folder.path + "/not/yet")
    #expect(facts.totalBytes > 0 && facts.problem == nil)
    let file = RoomFacts(purpose: "folder", path: "/etc/passwd/x")
    #expect(file.finding.message == "/etc/passwd/x: Not a directory." && file.finding.severity == .error)
  }

  @Test func `finds limits that a host would meet`() {
    func bad(files: Int?, processes: Int?) -> [Finding] {
      LimitFacts(slots: 8, connections: 8, files: files, processes: processes).findings.filter { $0.severity > .fine }
    }
    #expect(bad(files: nil, processes: nil) == [])
    #expect(bad(files: 1024, processes: 4000) == [])
    let warned = bad(files: 300, processes: 20)
    #expect(warned.map(\.severity) == [.warning, .error])
    #expect(warned[0].message == "this process may open 300 files, and 8 runners with 8 connections want 400.")
    #expect(warned[1].message == "there is room for 20 more processes, and 8 runners want 144.")
    #expect(bad(files: 64, processes: nil).map(\.severity) == [.error])
    #expect(LimitFacts(slots: 1, connections: 1).findings.count == 2)
  }

  private static let shown: [(String?, Finding.Severity, String)] = [
    (nil, .note, "this machine is not run by systemd: something else must start and supervise the host"),
    ("LoadState=not-found\nActiveState=inactive\n", .note, "there is no unit weir.service."),
    ("LoadState=bad-setting\n", .error, "weir.service cannot be loaded (bad-setting)."),
    ("LoadState=loaded\nActiveState=failed\nResult=exit-code\nUnitFileState=enabled\n", .error, "weir.service has failed (exit-code)."),
    (
      "LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nNRestarts=9\n", .warning,
      "systemd has started weir.service anew 9 times."
    ),
    ("LoadState=loaded\nActiveState=inactive\nUnitFileState=enabled\n", .note, "weir.service is inactive."),
    ("LoadState=loaded\nActiveState=active\nUnitFileState=disabled\n", .warning, "weir.service runs, and will not after the next boot."),
    ("LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nNRestarts=0\n", .fine, "weir.service is active, and starts at boot"),
  ]

  @Test(arguments: shown)
  func `judges the service`(shown: String?, severity: Finding.Severity, message: String) {
    let finding = UnitFacts(shown: shown).finding
    #expect(finding.severity == severity && finding.message == message, "\(finding)")
  }

  @Test func `finds containers that cannot be reached or written`() throws {
    let folder = TemporaryFolder()
    mkdir("\(folder.path)/good", 0o755)
    let urls = [
      "good": "file://\(folder.path)/good", "gone": "file://\(folder.path)/gone", "sealed": "file:///proc/sys", "pattern*": "file:///x/*",
    ]
    let grants = [Grants(storage: .init(write: ["good", "sealed"].map { NamePattern($0)! }))]  // both are names
    let findings = ContainerCheck(try Containers(urls), names: Array(urls.keys), grants: grants).findings
    #expect(findings.map(\.subject) == ["containers.gone", "containers.good", "containers.sealed"])
    #expect(findings.map(\.severity) == [.error, .fine, .error])
    #expect(findings[0].message == "gone: there is no such container.")
    #expect(findings[1].message == "can be read and written")
    // what was written to try is gone: only an empty folder can be removed
    #expect(rmdir("\(folder.path)/good") == 0)
  }

  @Test func `finds credentials whose secret is not there, or open to all`() throws {
    let folder = TemporaryFolder()
    TemporaryFolder.write("sesame\n", to: "\(folder.path)/open")
    TemporaryFolder.write("sesame\n", to: "\(folder.path)/shut")
    chmod("\(folder.path)/open", 0o644)
    chmod("\(folder.path)/shut", 0o600)
    let settings: [String: CredentialSetting] = [
      "a": .init(["key_id": .text("AK"), "secret": .environment("SECRET_A")]), "b": .init(["secret": .environment("SECRET_B")]),
      "c": .init(["secret": .file("\(folder.path)/shut")]), "d": .init(["secret": .file("\(folder.path)/gone")]),
      "e": .init(["secret": .file("\(folder.path)/open")]),
    ]
    let findings = CredentialCheck(settings, environment: ["SECRET_A": "sesame"]).findings
    #expect(findings.map(\.subject) == ["a", "b", "c", "d", "e"].map { "credentials.\($0)" })
    #expect(findings.map(\.severity) == [.fine, .error, .fine, .error, .warning])
    #expect(findings[0].message == "has key_id, secret")
    #expect(findings[1].message == "credential \"b\": cannot be used (secret: the variable SECRET_B is not set).")
    #expect(findings[3].message.contains("secret: \(folder.path)/gone: No such file or directory"))
    #expect(findings[4].hint == "chmod o-rwx \(folder.path)/open")
    #expect(!findings.contains { $0.message.contains("sesame") })
  }

  @Test func `counts and ends by the worst`() {
    var checkup = Checkup([Finding(.fine, "a", "well")])
    #expect(checkup.exitStatus == 0 && checkup.text(isVerbose: false) == "1 thing looked at: all is well.")
    checkup.findings.append(Finding(.note, "bb", "so be it"))
    #expect(checkup.exitStatus == 0)
    checkup.findings.append(Finding(.warning, "ccc", "hm", hint: "Do this."))
    #expect(checkup.exitStatus == 1)
    checkup.findings.append(Finding(.error, "d", "no"))
    #expect(checkup.exitStatus == 2)
    #expect(
      checkup.text(isVerbose: true) == """
        ok      a    well
        note    bb   so be it
        warning ccc  hm
                  Do this.
        error   d    no
        4 things looked at: 1 error, 1 warning.
        """)
    let first = #"{"severity":"fine","subject":"a","message":"well","hint":null}"#
    #expect(checkup.json.serialized().hasPrefix(#"{"status":"error","findings":[\#(first)"#))
  }
}
