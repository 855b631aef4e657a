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
    for plugin in answer["unavailable"]?.arrayValue ?? [] {
      Terminal.print("\(plugin["id"]?.stringValue ?? "") \(plugin["version"]?.stringValue ?? "") is not available")
      Terminal.print("  \(plugin["reason"]?.stringValue ?? "")")
    }
  }
}
