import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  /// What `make dist` makes, of the build that is tested here, used as on a machine that has neither Swift nor this repository.
  @Suite struct `The tarball` {
    private let folder = TemporaryFolder()

    private func unpacked() async throws -> String {
      let output = try await RunningProgram(
        ["\(Place.root)/Packaging/dist.sh", "tree"],
        environment: ["BUILD": RunningProgram.folder, "OUT": "\(folder.path)/made"], program: "/bin/bash"
      ).end()
      try #require(output.status == 0, "\(output)")
      // elsewhere than it was made
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/made").first)
      try FileManager.default.moveItem(atPath: "\(folder.path)/made/\(name)", toPath: "\(folder.path)/weir")
      return "\(folder.path)/weir"
    }

    @Test func `holds all that the program needs, and runs the demo from an empty folder`() async throws {
      let root = try await unpacked()
      let programs = ["weir", "weir-runner", "libIngest.so"].map { "\(root)/lib/weir/\($0)" }
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
