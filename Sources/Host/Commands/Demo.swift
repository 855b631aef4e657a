import ArgumentParser
import Glibc
import Runtime
import Workflow

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ingest the sample collection that `make setup` made, then serve.",
    discussion: "Starts a host whose containers are the folders in Demo/, submits ingest_collection and shows it.")

  @Flag(help: "Stop after the report.") var once = false
  @Option(help: "The folder with the sample containers.") var data = "Demo"

  private static let request = #"""
    {"source_container": "bronzemapspam", "target_container": "silvermapspam", "batch_size": 4}
    """#

  func run() async throws {
    let (configuration, _) = try LoadedConfiguration.read()
    guard let folder = realpath(data, nil) else {
      throw Failure("\(data): there is no sample data", hint: "`make setup` makes it.")
    }
    defer { free(folder) }
    let containers = configuration.containers.merging(["*": "file://\(String(cString: folder))/*"]) { own, _ in own }
    let host = try await RunningHost.start(configuration, containers: containers)
    let (once, token) = (once, configuration.token)
    try await withThrowingTaskGroup(of: Int32?.self) { group in
      group.addTask {
        try await host.serve()
        return nil
      }
      group.addTask {
        let url = try await host.url
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
