import ArgumentParser
import Workflow

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a host: claim tasks, run handlers, serve the HTTP API.",
    discussion: "Stops in order on SIGTERM and SIGINT: what runs is told to stop and goes back to the queue.")

  @Option(help: "Runner processes at a time; the configuration's, else one for each processor.") var runners: Int?
  @Option(help: "Address to listen on; the configuration's, else 127.0.0.1:8080.") var listen: String?

  func run() async throws {
    var environment = Environment.current
    if let runners { environment["WEIR_RUNNERS"] = "\(runners)" }
    if let listen { environment["WEIR_LISTEN"] = listen }
    let (configuration, _) = try LoadedConfiguration.read(environment)
    let host = try await RunningHost.start(configuration)
    // fails as `serve` does, which says so
    let announcement = Task {
      guard let url = try await host.url else { return }
      Terminal.print("Serving at \(url)")
      SystemdNotice.ready("Serving at \(url)")
    }
    defer { announcement.cancel() }
    try await host.serve()
  }
}
