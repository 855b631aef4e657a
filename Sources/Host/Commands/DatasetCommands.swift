import ArgumentParser
import Runtime
import Workflow

struct DatasetCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets", abstract: "Curated datasets: reference data that is kept current.",
    subcommands: [
      List.self, Show.self, Create.self, Replace.self, Remove.self, Update.self, History.self, Versions.self, Rollback.self, Enable.self,
      Disable.self,
    ], defaultSubcommand: List.self)

  static func path(_ id: String, _ verb: String = "") -> String {
    "/api/curated/datasets/\(HostClient.encoded(id))" + (verb.isEmpty ? "" : "/\(verb)")
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the datasets, with what readers see of them.")

    @Flag(help: "Only those whose schedule is on.") var enabled = false
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      var (all, after): ([JSON], String?) = ([], nil)
      repeat {
        let page = try host.client.get("/api/curated/datasets", [("enabled_only", enabled ? "true" : nil), ("after", after)])
        all += page["datasets"]?.arrayValue ?? []
        after = page["next"]?.stringValue
      } while after != nil
      if json { return Terminal.print(JSON.array(all).serialized()) }
      for dataset in all { Terminal.print(DatasetCommands.line(dataset)) }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print a dataset as JSON.")

    @Argument(help: "The dataset's id.") var id: String
    @OptionGroup var host: HostOptions

    func run() async throws { Terminal.print(try host.client.get(DatasetCommands.path(id)).serialized()) }
  }

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Register a dataset.")

    @Argument(help: "A manifest of it.") var file: String
    @OptionGroup var host: HostOptions

    func run() async throws {
      Terminal.print(DatasetCommands.line(try host.client.post("/api/curated/datasets", body: try ManifestFolder.read(file))))
    }
  }

  struct Replace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Replace what is said of a dataset.", discussion: "From then on no manifest of the host's folder changes it.")

    @Argument(help: "A manifest of it.") var file: String
    @OptionGroup var host: HostOptions

    func run() async throws {
      let bytes = try ManifestFolder.read(file)
      let loaded = Validator.dataset(bytes: bytes, file: file)
      let id = try loaded.get().id
      Terminal.print(DatasetCommands.line(try host.client.send("PUT", DatasetCommands.path(id), body: bytes)))
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take a dataset out of the registry; its table stays.")

    @Argument(help: "The dataset's id.") var id: String
    @Flag(help: "Do it.") var yes = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      guard yes else { throw Failure("nothing was removed", hint: "Say --yes: the registry forgets the dataset; its table stays.") }
      let dataset = try host.client.send("DELETE", DatasetCommands.path(id), [("confirm", "yes")])
      let table = "\(dataset["target_schema"]?.stringValue ?? "").\(dataset["target_table_name"]?.stringValue ?? "")"
      Terminal.print("dataset \(id) removed; \(table) stays")
    }
  }

  struct Update: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring a dataset up to date, and wait for it.")

    @Argument(help: "The dataset's id.") var id: String
    @Flag(help: "Also when the source has nothing new.") var force = false
    @Flag(help: "Everything but the swap.") var dryRun = false
    @Flag(help: "Do not wait.") var detach = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      let submitted = try host.client.post(
        DatasetCommands.path(id, "update"), [("force_update", force ? "true" : "false"), ("dry_run", dryRun ? "true" : "false")])
      guard let job = submitted["job_id"]?.stringValue else { throw Failure("the host's answer has no job_id") }
      if detach { return Terminal.print("job \(job)") }
      throw ExitCode(try JobWatch(client: host.client, job: job, isQuiet: false).wait().exitStatus)
    }
  }

  struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What became of a dataset's updates, newest first.")

    @Argument(help: "The dataset's id.") var id: String
    @Option(help: "Show so many.") var limit = 20
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      let page = try host.client.get(DatasetCommands.path(id, "history"), [("limit", "\(limit)")])
      if json { return Terminal.print(page.serialized()) }
      for update in page["updates"]?.arrayValue ?? [] { Terminal.print(DatasetCommands.line(ofUpdate: update)) }
    }
  }

  struct Versions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The versions of a dataset that stand, newest first.")

    @Argument(help: "The dataset's id.") var id: String
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      let answer = try host.client.get(DatasetCommands.path(id, "versions"))
      if json { return Terminal.print(answer.serialized()) }
      for version in answer["versions"]?.arrayValue ?? [] { Terminal.print(DatasetCommands.line(ofVersion: version)) }
    }
  }

  struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let readers see another version, at once.")

    @Argument(help: "The dataset's id.") var id: String
    @Option(help: "The version; the one before the current unless given.") var version: Int?
    @OptionGroup var host: HostOptions

    func run() async throws {
      let version = try host.client.post(DatasetCommands.path(id, "rollback"), [("version", version.map(String.init))])
      Terminal.print(DatasetCommands.line(ofVersion: version))
    }
  }

  struct Enable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Turn a dataset's schedule on.")

    @Argument(help: "The dataset's id.") var id: String
    @OptionGroup var host: HostOptions

    func run() async throws { Terminal.print(DatasetCommands.line(try host.client.post(DatasetCommands.path(id, "enable")))) }
  }

  struct Disable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Turn a dataset's schedule off.")

    @Argument(help: "The dataset's id.") var id: String
    @OptionGroup var host: HostOptions

    func run() async throws { Terminal.print(DatasetCommands.line(try host.client.post(DatasetCommands.path(id, "disable")))) }
  }
}
