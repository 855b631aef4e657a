import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  /// What `make dist` makes, of the build that is tested here, used as on a machine that has neither Swift nor this repository.
  @Suite struct `The tarball` {
    private let folder = TemporaryFolder()

    private func make(_ part: String) async throws {
      let output = try await RunningProgram(
        ["\(Place.root)/Packaging/dist.sh", part],
        environment: ["BUILD": RunningProgram.folder, "OUT": "\(folder.path)/made", "COMPRESSION": "none"], program: "/bin/bash"
      ).end()
      try #require(output.status == 0, "\(output)")
    }

    private func unpacked() async throws -> String {
      try await make("tree")
      // elsewhere than it was made
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/made").first)
      try FileManager.default.moveItem(atPath: "\(folder.path)/made/\(name)", toPath: "\(folder.path)/weir")
      return "\(folder.path)/weir"
    }

    @Test func `holds all that the program needs, and runs the demo from an empty folder`() async throws {
      let root = try await unpacked()
      let programs = ["weir", "weir-runner", "libIngest.so", "libCurated.so"].map { "\(root)/lib/weir/\($0)" }
      let linked = try await RunningProgram(programs, environment: ["LD_LIBRARY_PATH": ""], program: "/usr/bin/ldd").end()
      #expect(linked.status == 0 && !linked.out.contains("not found"), "\(linked)")
      let elsewhere = linked.out.split(separator: "\n").filter { $0.contains("wift") && !$0.contains("\(root)/lib/weir/") }
      #expect(elsewhere == [], "found outside the tarball: \(elsewhere)")

      let environment = [
        "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "", "LD_LIBRARY_PATH": "", "WEIR_FOLDER": "\(folder.path)/state",
        "WEIR_LISTEN": "127.0.0.1:0",
      ]
      func run(_ command: String) async throws -> Output {
        try await RunningProgram(["-c", "cd / && \(root)/bin/weir \(command)"], environment: environment, program: "/bin/sh").end()
      }
      let demo = try await run("demo --once")
      #expect(demo.status == 0, "\(demo)")
      for part in ["job 1: completed", "registered           72", "files_copied         144"] {
        #expect(demo.out.contains(part), "no \"\(part)\" in \(demo)")
      }
      #expect(access("\(folder.path)/state/demo/silvermapspam", F_OK) == 0, "the demo wrote elsewhere")
      #expect(access("\(root)/share/weir/demo/silvermapspam", F_OK) != 0, "the demo wrote into what was installed")
      let check = try await run("check \(root)/lib/weir/libIngest.so --manifest \(root)/etc/weir/manifests/plugins/ingest.json")
      #expect(check.status == 0, "\(check)")
      #expect(Processes.mentioning(folder.path) == [], "processes are left")
      try documentsAreThere(root)
    }

    /// The package itself is installed by Packaging/try-deb.sh, which takes a mirror and minutes.
    @Test func `is what the Debian package holds, with what Debian wants to know`() async throws {
      try await make("deb")
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/made")
      let package = "\(folder.path)/made/" + (try #require(names.first { $0.hasSuffix(".deb") }))
      func ask(_ arguments: String...) async throws -> String {
        let output = try await RunningProgram(arguments, program: "/usr/bin/dpkg-deb").end()
        #expect(output.status == 0, "\(output)")
        return output.out
      }
      let depends = try await ask("--field", package, "Depends")
      for name in ["libc6", "libpq5", "libcurl4", "libssl3", "libre2-9", "libstdc++6", "libgdal32", "adduser"] {
        #expect(depends.contains("\(name)"), "no \(name) in \(depends)")
      }
      #expect(try await ask("--field", package, "Version").contains("-1"))
      let content = try await ask("--contents", package)
      for line in [
        "-rw-r----- root/root", "./etc/weir/weir.env", "./usr/bin/weir -> ../lib/weir/weir",
        "./usr/lib/weir/weir.json -> /etc/weir/weir.json",
        "./usr/lib/weir/manifests -> /etc/weir/manifests", "./lib/systemd/system/weir.service", "./usr/include/weir/handler.h",
        "./usr/share/man/man1/weir.1.gz", "./usr/share/doc/weir/copyright",
      ] { #expect(content.contains(line), "no \(line) in \(content)") }
      _ = try await ask("--control", package, "\(folder.path)/control")
      let configuration = RunningProgram.text("\(folder.path)/control/conffiles")
      #expect(configuration.contains("/etc/weir/manifests/plugins/ingest.json\n") && configuration.contains("/etc/weir/weir.json\n"))
      for script in ["postinst", "prerm", "postrm"] {
        let output = try await RunningProgram(["-n", "\(folder.path)/control/\(script)"], program: "/bin/sh").end()
        #expect(output.status == 0, "\(script): \(output)")
      }
      let installed = ["WEIR_CONFIG": "\(Place.root)/Packaging/debian/weir.json"]
      let config = try await RunningProgram(["config"], environment: installed).end()
      #expect(config.status == 0 && config.out.contains("/var/lib/weir"), "\(config)")
    }

    private func documentsAreThere(_ root: String) throws {
      let files = [
        "include/weir/handler.h", "share/doc/weir/README.md", "share/doc/weir/RUNBOOK.md", "share/man/man1/weir.1",
        "share/weir/systemd/weir.service", "share/weir/systemd/weir-work@.service", "etc/weir/manifests/workflows/ingest_collection.json",
        "share/doc/weir/examples/kubernetes/weir.yaml", "share/doc/weir/examples/slurm/weir-work.sbatch",
        "share/doc/weir/examples/plugins/C/plugin.json", "share/doc/weir/examples/Containerfile",
      ]
      for file in files { #expect(access("\(root)/\(file)", R_OK) == 0, "\(file) is missing") }
      let secret = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".git") || $0.hasSuffix(".weir") }
      #expect(secret == [])
    }
  }
}
