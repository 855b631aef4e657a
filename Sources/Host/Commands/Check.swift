import ArgumentParser
import Runners
import Workflow

struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a handler library against the ABI: without running it (level 1), and by loading it (level 2).",
    discussion: "Ends with 1 when a check fails.")

  @Argument(help: "The library, for example .build/debug/libIngest.so.") var library: String
  @Option(help: "The plugin's manifest; sought beside the library otherwise.") var manifest: String?
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    let runners = try RunnerConfiguration(hostVersion: Weir.version, environment: Environment.current)
    let report = try Conformance.check(library: library, manifest: manifest, configuration: runners)
    Terminal.print(json ? report.json.serialized() : report.text)
    if !report.isPassed { throw ExitCode(1) }
  }
}
