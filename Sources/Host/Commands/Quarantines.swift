import ArgumentParser
import Workflow

struct Quarantines: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the builds in quarantine: they ended too many runners, and their tasks wait.")

  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let list = try host.client.get("/api/quarantines")
    if json { return Terminal.print(list.serialized()) }
    for build in list["quarantines"]?.arrayValue ?? [] {
      func text(_ name: String) -> String { build[name]?.stringValue ?? "" }
      Terminal.print("\(text("library_hash").prefix(12))  \(text("plugin")) \(text("version")) since \(text("since"))")
      let tasks = build["tasks"]?.intValue ?? 0
      Terminal.print("  runners of \(tasks) \(tasks == 1 ? "task" : "tasks") ended within an hour; the last: \(text("message"))")
    }
  }
}
