import ArgumentParser
import Workflow

struct Plugins: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the plugins of the host, with their handlers.")

  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let answer = try host.client.get("/api/plugins")
    if json { return Terminal.print(answer.serialized()) }
    for plugin in answer["plugins"]?.arrayValue ?? [] {
      Terminal.print("\(plugin["id"]?.stringValue ?? "") \(plugin["version"]?.stringValue ?? "")")
      for handler in plugin["handlers"]?.arrayValue ?? [] {
        let name = handler["name"]?.stringValue ?? ""
        Terminal.print("  \(name.padded(to: 28)) \(handler["title"]?.stringValue ?? "")")
      }
    }
  }
}

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
    }
  }
}
