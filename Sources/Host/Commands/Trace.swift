import ArgumentParser
import Workflow

struct Trace: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say which job, task, attempt and handler build registered an item.")

  @Argument(help: "The collection's id.") var collection: String
  @Argument(help: "The item's id.") var item: String
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let found = try host.client.get(
      "/api/collections/\(HostClient.encoded(collection))/items/\(HostClient.encoded(item))/provenance")
    if json { return Terminal.print(found.serialized()) }
    func text(_ name: String) -> String { found[name]?.stringValue ?? "" }
    let job = "\(text("job_id")) (\(found["job_state"]?.stringValue ?? "gone by retention"))"
    let lines = [
      ("item", "\(collection)/\(item)"), ("registered", text("registered_at")), ("job", job),
      ("task", "\(text("task_id")), attempt \(found["attempt"]?.intValue ?? 0)"),
      ("handler", "\(text("handler")) \(text("handler_version")), plugin \(text("plugin")) \(text("plugin_version"))"),
      ("library", "sha256:\(text("library_hash"))"),
    ]
    for (name, value) in lines { Terminal.print("\(name.padded(to: 11)) \(value)") }
    for asset in found["assets"]?.arrayValue ?? [] {
      Terminal.print("\("asset".padded(to: 11)) \(asset["name"]?.stringValue ?? ""): \(asset["href"]?.stringValue ?? "")")
    }
    Terminal.print("All of that job: GET /api/jobs/\(text("job_id"))/registered and /api/jobs/\(text("job_id"))/objects")
  }
}
