import TestSupport
import Testing

extension `The system` {
  @Suite struct `The systemd units` {
    /// Copies with a program that is there, since systemd looks.
    private func units(_ folder: String) -> [String] {
      ["weir.service", "weir-work@.service"].map { name in
        let text = RunningProgram.text("\(Place.root)/Packaging/systemd/\(name)")
        let path = "\(folder)/" + name.replacing("@", with: "@1")
        TemporaryFolder.write(text.replacing("/usr/bin/weir", with: "\(RunningProgram.folder)/weir"), to: path)
        return path
      }
    }

    @Test func `are what systemd understands`() async throws {
      let folder = TemporaryFolder()
      for unit in units(folder.path) {
        let output = try await RunningProgram(["verify", "--man=no", unit], program: "/usr/bin/systemd-analyze").end()
        #expect(output.status == 0 && output.err == "", "\(unit): \(output)")
      }
      let broken = "\(folder.path)/weir-broken.service"
      TemporaryFolder.write(RunningProgram.text(units(folder.path)[0]).replacing("KillMode=mixed", with: "KilMode=mixed"), to: broken)
      let output = try await RunningProgram(["verify", "--man=no", broken], program: "/usr/bin/systemd-analyze").end()
      #expect(output.err.contains("Unknown key 'KilMode'"), "this check finds nothing: \(output)")
    }

    @Test func `are shut as far as runners allow`() async throws {
      let folder = TemporaryFolder()
      for unit in units(folder.path) {
        let output = try await RunningProgram(
          ["security", "--offline=yes", "--threshold=25", unit], program: "/usr/bin/systemd-analyze"
        ).end()
        #expect(output.status == 0, "\(unit): \(output.out.suffix(400)) \(output.err)")
      }
    }

    /// What a runner's own sandbox is made of must stay possible: those calls are in no set of systemd 252's.
    @Test func `leave runners their sandbox`() throws {
      for name in ["weir.service", "weir-work@.service"] {
        let text = RunningProgram.text("\(Place.root)/Packaging/systemd/\(name)")
        for call in ["landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp", "@system-service"] {
          #expect(text.contains(call), "\(name) has no \(call)")
        }
        #expect(text.contains("KillMode=mixed"), "\(name): PostgreSQL and runners would get SIGTERM before the host has used them")
        #expect(!text.contains("ProcSubset=pid"), "\(name): the host's identity is in /proc/sys")
      }
    }
  }
}
