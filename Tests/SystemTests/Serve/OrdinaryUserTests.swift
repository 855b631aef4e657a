import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `A host of an ordinary user` {
    private static let user = "nobody"

    /// The suite runs as root, where it does: then this host runs as a user with no rights at all.
    private func program(_ arguments: [String], _ environment: [String: String], in folder: String) throws -> RunningProgram {
      guard geteuid() == 0 else { return try RunningProgram(arguments, environment: environment) }
      let weir = "\(folder)/weir"
      let become = ["--reuid=\(Self.user)", "--regid=nogroup", "--clear-groups", "--no-new-privs", "--", weir]
      return try RunningProgram(become + arguments, environment: environment, program: "/usr/bin/setpriv")
    }

    /// Root's clone may lie in a folder that is closed to others, as /root is: program and data are copied out of it.
    private func copy(_ paths: [String], to folder: String) throws {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for path in paths {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/\(name)")
      }
    }

    private func give(_ path: String) throws {
      guard geteuid() == 0, let user = getpwnam(Self.user) else { return }
      try #require(chown(path, user.pointee.pw_uid, user.pointee.pw_gid) == 0)
    }

    @Test func `starts a database of its own, ingests, and leaves nothing running`() async throws {
      let elsewhere = TemporaryFolder()
      try copy(["weir", "weir-runner", "libIngest.so"].map { "\(RunningProgram.folder)/\($0)" }, to: "\(elsewhere.path)/program")
      try copy([`ingest_collection`.source], to: elsewhere.path)
      let place = try Place(sources: ["bronzemapspam": "\(elsewhere.path)/bronzemapspam"])
      for path in [place.folder.path, place.containers] { try give(path) }
      var environment = place.environment
      environment["WEIR_DATABASE_URL"] = nil
      environment["HOME"] = place.folder.path
      let host = try await ServedHost(try program(["serve"], environment, in: "\(elsewhere.path)/program"))
      let job = try await host.end(
        of: try await host.submit(
          "ingest_collection", #"{"source_container": "bronzemapspam", "target_container": "silvermapspam", "batch_size": 100}"#))
      #expect(job.state == "completed", "\(job.serialized())")
      let mine = Processes.children(of: host.program.pid)
      #expect(!mine.isEmpty)
      for pid in mine + [host.program.pid] {
        let line = RunningProgram.text("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("Uid:") } ?? ""
        #expect(geteuid() != 0 || !line.split(separator: "\t").dropFirst().contains("0"), "\(line)")
      }
      let copied = FileTree(folder: "\(place.containers)/silvermapspam").paths.filter { $0.hasSuffix(".tif") }
      #expect(copied.count == 2 * (job.stage("finalize")["result"]?["registered"]?.intValue ?? 0))
      let left = try await host.stop()
      #expect(left.status == 0, "\(left)")
      #expect(Processes.mentioning("\(place.folder.path)/weir").isEmpty)
    }
  }
}
