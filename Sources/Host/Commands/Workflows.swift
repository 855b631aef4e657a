import ArgumentParser
import Workflow

struct Workflows: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the workflows that can be submitted.")

  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let answer = try host.client.get("/api/workflows")
    if json { return Terminal.print(answer.serialized()) }
    for workflow in answer["workflows"]?.arrayValue ?? [] {
      let name = workflow["name"]?.stringValue ?? ""
      Terminal.print(
        "\(name.padded(to: 28)) version \("\(workflow["version"]?.intValue ?? 0)".padded(to: 4)) \(workflow["title"]?.stringValue ?? "")")
      if let reason = workflow["unavailable"]?.stringValue { Terminal.print("  not available: \(reason)") }
    }
  }
}
