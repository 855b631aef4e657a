import ArgumentParser
import Workflow

struct TriggerCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "triggers", abstract: "Workflows that start when something happens.",
    subcommands: [List.self, Show.self, Set.self, Remove.self, Pause.self, Resume.self], defaultSubcommand: List.self)

  private static func path(_ name: String) -> String { "/api/triggers/\(HostClient.encoded(name))" }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List all triggers.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      let answer = try host.client.get("/api/triggers")
      if json { return Terminal.print(answer.serialized()) }
      for trigger in answer["triggers"]?.arrayValue ?? [] { Terminal.print(TriggerCommands.line(trigger)) }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a trigger, and what became of its last events.")

    @Argument(help: "The trigger's name.") var name: String
    @Option(help: "How many events.") var count = 20
    @OptionGroup var host: HostOptions

    func run() async throws {
      let trigger = try host.client.get(TriggerCommands.path(name))
      Terminal.print(TriggerCommands.line(trigger))
      if let looked = trigger["looked_at"]?.stringValue { Terminal.print("  looked at \(looked)") }
      if let error = trigger["error"]?.stringValue { Terminal.print("  cannot look: \(error)") }
      let events = try host.client.get("\(TriggerCommands.path(name))/events", [("limit", "\(count)")])["events"]?.arrayValue ?? []
      for event in events { Terminal.print(TriggerCommands.line(ofEvent: event)) }
    }
  }

  struct Set: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a trigger, or change the one of this name.",
      discussion: """
        It waits for one of --objects, --dataset, --job and --webhook. In the texts of --params ${event.NAME} stands for what happened: \
        container, prefix, key, etag, size, modified (or objects, with --batch); dataset, version, source_version; job_id, workflow, \
        state, labels, finished_at; id, time, body.
        """)

    @Argument(help: "The trigger's name.") var name: String
    @Option(help: "The workflow that it starts.") var workflow: String
    @Option(help: "The workflow's parameters, as JSON.") var params: String?
    @Option(help: "New or changed objects, as CONTAINER or CONTAINER/PREFIX.") var objects: String?
    @Option(help: "Only objects whose keys end so, such as .tif.") var suffix: String?
    @Option(help: "An object is an event once by its version, or once by its key.") var dedup: String?
    @Option(help: "Between two looks at the objects, such as 1m.") var every: String?
    @Option(help: "Objects that share a job at most.") var batch: Int?
    @Option(help: "New versions of this dataset.") var dataset: String?
    @Option(help: "The end of jobs of this workflow.") var job: String?
    @Option(parsing: .singleValue, help: "In this state only; may be given again. Else completed, with errors or without.")
    var state: [String] = []
    @Option(help: "Messages that are signed with the signing_key of this credential.") var webhook: String?
    @Option(help: "What goes first.") var priority: Int?
    @Option(parsing: .singleValue, help: "A word to find its jobs by; may be given again.") var label: [String] = []
    @OptionGroup var host: HostOptions

    func run() async throws {
      var body = JSONObject([("workflow", .string(workflow)), ("on", try on())])
      if let params {
        // the message says what was given
        guard let given = try? JSON(parsing: Array(params.utf8)) else { throw ValidationError("--params is not JSON: \(params)") }
        body.append("params", given)
      }
      if let priority { body.append("priority", JSON(priority)) }
      if !label.isEmpty { body.append("labels", .array(label.map(JSON.string))) }
      Terminal.print(
        TriggerCommands.line(
          try host.client.send("PUT", TriggerCommands.path(name), body: Array(JSON.object(body).serialized().utf8))))
    }

    private func on() throws -> JSON {
      guard [objects, dataset, job, webhook].compactMap({ $0 }).count == 1 else {
        throw ValidationError("Say what it waits for: one of --objects, --dataset, --job and --webhook.")
      }
      if let dataset { return ["dataset": ["id": .string(dataset)]] }
      if let webhook { return ["webhook": ["credential": .string(webhook)]] }
      if let job {
        var source = JSONObject([("workflow", .string(job))])
        if !state.isEmpty { source.append("states", .array(state.map(JSON.string))) }
        return ["job": .object(source)]
      }
      let parts = (objects ?? "").split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      var source = JSONObject([("container", .string(parts[0]))])
      for (key, value) in [
        ("prefix", parts.count > 1 ? parts[1] : nil), ("suffix", suffix), ("dedup", dedup), ("every", every),
      ] {
        if let value { source.append(key, .string(value)) }
      }
      if let batch { source.append("batch", JSON(batch)) }
      return ["objects": .object(source)]
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove a trigger with its history; its jobs stay.")

    @Argument(help: "The trigger's name.") var name: String
    @OptionGroup var host: HostOptions

    func run() async throws {
      _ = try host.client.delete(TriggerCommands.path(name))
      Terminal.print("trigger \(name) removed")
    }
  }

  struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Start nothing until it is resumed.")

    @Argument(help: "The trigger's name.") var name: String
    @Option(help: "For those who find it paused.") var why: String?
    @OptionGroup var host: HostOptions

    func run() async throws {
      Terminal.print(TriggerCommands.line(try host.client.post("\(TriggerCommands.path(name))/pause", [("why", why)])))
    }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Start jobs again.")

    @Argument(help: "The trigger's name.") var name: String
    @Flag(help: "Leave out what happened while it was paused.") var skip = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      Terminal.print(
        TriggerCommands.line(try host.client.post("\(TriggerCommands.path(name))/resume", [("missed", skip ? "skip" : nil)])))
    }
  }

  private static func line(_ trigger: JSON) -> String {
    func text(_ key: String) -> String { trigger[key]?.stringValue ?? "" }
    let on = trigger["on"]?.objectValue?.members.first
    let what =
      switch on?.key {
      case "objects": "objects \(on?.value["container"]?.stringValue ?? "")/\(on?.value["prefix"]?.stringValue ?? "")"
      case "dataset": "dataset \(on?.value["id"]?.stringValue ?? "")"
      case "job": "job \(on?.value["workflow"]?.stringValue ?? "")"
      default: "webhook \(on?.value["credential"]?.stringValue ?? "")"
      }
    let paused = trigger["paused"]?["by"]?.stringValue.map { "  paused by \($0)" } ?? ""
    return "\(text("name").padded(to: 24)) \(what.padded(to: 32)) \(text("workflow"))\(paused)"
  }

  private static func line(ofEvent event: JSON) -> String {
    var parts = ["  \(event["happened_at"]?.stringValue ?? "")", event["subject"]?.stringValue ?? "", event["outcome"]?.stringValue ?? ""]
    if let job = event["job_id"]?.stringValue { parts.append("job \(job)") }
    if let why = event["why"]?.stringValue { parts.append(why) }
    return parts.joined(separator: "  ")
  }
}
