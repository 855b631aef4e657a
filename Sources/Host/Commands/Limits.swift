import ArgumentParser
import Workflow

struct Limits: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Limits over all hosts: how many tasks at a time, how many in a while.",
    subcommands: [List.self, Set.self, Remove.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List all limits, with what is in use.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      let answer = try host.client.get("/api/limits")
      if json { return Terminal.print(answer.serialized()) }
      for limit in answer["limits"]?.arrayValue ?? [] { Terminal.print(Limits.line(limit)) }
    }
  }

  struct Set: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Set a limit, at once for all hosts.",
      discussion: "It replaces the limit as it was, and stays whatever configurations say until it is removed.")

    @Argument(help: "A resource such as planet_api, or a handler such as ingest.copy.") var name: String
    @Option(help: "Weight that tasks may hold at a time; 0 lets nothing begin.") var concurrency: Int?
    @Option(help: "Weight that may begin in a while, such as 10/s, 600/m or 5000/d.") var rate: String?
    @Option(help: "The most that gathers while nothing begins; else what the rate brings in a second.") var burst: Int?
    @OptionGroup var host: HostOptions

    func run() async throws {
      var body = JSONObject()
      if let concurrency { body.append("concurrency", JSON(concurrency)) }
      if let rate { body.append("rate", .string(rate)) }
      if let burst { body.append("burst", JSON(burst)) }
      let limit = try host.client.send(
        "PUT", "/api/limits/\(HostClient.encoded(name))", body: Array(JSON.object(body).serialized().utf8))
      Terminal.print(Limits.line(limit))
      if limit["handlers"]?.arrayValue?.isEmpty == true { Terminal.print("No handler that is known uses it.") }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove a limit, at once for all hosts.")

    @Argument(help: "The limit's name.") var name: String
    @OptionGroup var host: HostOptions

    func run() async throws {
      _ = try host.client.send("DELETE", "/api/limits/\(HostClient.encoded(name))")
      Terminal.print("limit \(name) removed")
    }
  }

  private static func line(_ limit: JSON) -> String {
    var parts: [String] = []
    if let most = limit["concurrency"]?.intValue { parts.append("\(limit["in_use"]?.intValue ?? 0) of \(most) in use") }
    if let rate = limit["rate"]?.stringValue { parts.append("\(rate), at most \(limit["burst"]?.intValue ?? 0) at once") }
    let handlers = (limit["handlers"]?.arrayValue ?? []).map { handler in
      "\(handler["name"]?.stringValue ?? "") (\(handler["weight"]?.intValue ?? 1))"
    }
    if !handlers.isEmpty { parts.append(handlers.joined(separator: ", ")) }
    return "\((limit["name"]?.stringValue ?? "").padded(to: 24)) \(parts.joined(separator: "; "))"
  }
}
