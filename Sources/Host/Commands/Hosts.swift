import ArgumentParser
import Workflow

struct Hosts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the hosts that share the database, with what they offer.")

  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let answer = try host.client.get("/api/hosts")
    if json { return Terminal.print(answer.serialized()) }
    for host in answer["hosts"]?.arrayValue ?? [] {
      func text(_ name: String) -> String { host[name]?.stringValue ?? "" }
      func count(_ name: String) -> Int { host[name]?.intValue ?? 0 }
      Terminal.print(
        "\(text("id").padded(to: 6)) \(text("state").padded(to: 9)) \(text("name").padded(to: 20)) weir \(text("version")), "
          + "\(count("running_tasks")) tasks, \(count("slots")) runners")
      guard ["alive", "stopping", "late"].contains(text("state")) else { continue }
      for offer in host["handlers"]?.arrayValue ?? [] {
        func text(_ name: String) -> String { offer[name]?.stringValue ?? "" }
        Terminal.print(
          "         \(text("name").padded(to: 28)) \(text("version").padded(to: 10)) \(text("plugin")) \(text("plugin_version")), "
            + "build \(text("library_hash").prefix(12))")
      }
    }
  }
}
