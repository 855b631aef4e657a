import ArgumentParser
import Glibc
import Runners
import Runtime
import Workflow

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ingest the sample collection that `make setup` made, then serve.",
    discussion: "Starts a host whose containers are the folders in Demo/, submits ingest_collection and shows it.")

  @Flag(help: "Stop after the report.") var once = false
  @Option(help: "The folder with the sample containers; Demo here, else the one beside the program.") var data: String?

  private static let request = #"""
    {"source_container": "bronzemapspam", "target_container": "silvermapspam", "batch_size": 4}
    """#

  func run() async throws {
    let (configuration, _) = try LoadedConfiguration.read()
    let samples = try containers(in: configuration.folder)
    let containers = configuration.containers.merging(samples) { own, _ in own }
    let host = try await RunningHost.start(configuration, containers: containers)
    let (once, token) = (once, configuration.token)
    try await withThrowingTaskGroup(of: Int32?.self) { group in
      group.addTask {
        try await host.serve()
        return nil
      }
      group.addTask {
        guard let url = try await host.url else { return nil }
        return try await RunningHost.onThread { try Self.ingest(HostClient(url: url, token: token), keepsServing: !once) }
      }
      for try await status in group {
        guard let status else { continue }
        if once || status != 0 {
          await host.shutDown()
          if status != 0 { throw ExitCode(status) }
        }
      }
    }
  }

  /// Containers by name. What a package brought stays as it is: the demo then writes into the host's own folder.
  private func containers(in own: String) throws -> [String: String] {
    let packaged = RunnerConfiguration.programFolder() + "/demo"
    let isPackaged = data == nil && access("Demo", F_OK) != 0 && access(packaged, F_OK) == 0
    let folder = try resolved(isPackaged ? packaged : data ?? "Demo", hint: "`make setup` makes it.")
    guard isPackaged else { return ["*": "file://\(folder)/*"] }
    for path in [own, own + "/demo"] where mkdir(path, 0o711) != 0 && errno != EEXIST {
      throw Failure("\(path): cannot be made: \(String(cString: strerror(errno)))", hint: "Name another folder by WEIR_FOLDER.")
    }
    let target = try resolved(own + "/demo", hint: nil)
    return ["bronzemapspam": "file://\(folder)/bronzemapspam", "*": "file://\(target)/*"]
  }

  private func resolved(_ path: String, hint: String?) throws -> String {
    guard let real = realpath(path, nil) else { throw Failure("\(path): there is no sample data", hint: hint) }
    defer { free(real) }
    return String(cString: real)
  }

  private static func ingest(_ client: HostClient, keepsServing: Bool) throws -> Int32 {
    Terminal.print("POST \(client.url)/api/jobs/submit/ingest_collection")
    Terminal.print(request)
    let submitted = try client.post("/api/jobs/submit/ingest_collection", body: Array(request.utf8))
    let id = submitted["job_id"]?.stringValue ?? ""
    let job = try JobWatch(client: client, job: id, namesMore: false).wait()
    if keepsServing { Terminal.print(whatNext(client.url, job: id)) }
    return job.exitStatus
  }

  private static func whatNext(_ url: String, job: String) -> String {
    """

    Serving at \(url) until Ctrl-C. In another terminal:
      \(CommandLine.arguments[0]) job \(job) --url \(url)
      curl -s \(url)/api/jobs/\(job)
      curl -s -X POST \(url)/api/jobs/submit/ingest_collection -d \\
        '{"source_container": "bronzemapspam", "target_container": "silvermapspam", "batch_size": 100}'
    """
  }
}
