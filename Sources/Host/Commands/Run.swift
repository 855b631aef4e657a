import ArgumentParser
import Runners
import Runtime
import Storage
import Workflow

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Call one handler once, with no database, and print what it gave.",
    discussion: """
      PLUGIN is a plugin's id in the manifests folder, or the path of its manifest. Items go to stdout one a line, then the \
      result; log lines, rejects and the failure go to stderr. Ends with 1 when the handler failed.
      """)

  @Argument(help: "The plugin's id, or the path of its manifest.") var plugin: String
  @Argument(help: "The handler's name.") var handler: String
  @Option(name: .shortAndLong, help: "Its params: a JSON object, or @FILE.") var params = "{}"
  @Flag(help: "Load the library into this process: for gdb, valgrind and sanitizers.") var inProcess = false

  func run() async throws {
    let (configuration, _) = try LoadedConfiguration.read()
    var runners = try RunnerConfiguration(hostVersion: Weir.version, environment: Environment.current)
    let loaded = try load(configuration, runners)
    guard let hosted = loaded.handlers.first(where: { $0.name == handler }) else {
      throw Failure(
        "plugin \"\(loaded.manifest.id)\" has no handler \"\(handler)\"",
        hint: "It has \(loaded.handlers.map(\.name).joined(separator: ", ")).")
    }
    let params = try self.params(of: hosted)
    runners.grace = configuration.grace
    if inProcess { runners.isolation = .thread }
    let credentials = Credentials(configuration.credentials, environment: Environment.current)
    let containers = try Containers(configuration.containers, credentials: credentials)
    let call = SingleCall(
      handler: hosted, containers: containers,
      databases: DatabaseOpening.configuredDatabases(configuration, logger: HostLog.logger(configuration)),
      http: HandlerNetwork.configuration(configuration, partials: nil), runners: runners)
    let outcome = try call.make(params: params, hearing: hearing)
    hearing.onEmitted(.items, outcome.items)
    hearing.onEmitted(.rejects, outcome.rejects)
    guard outcome.kind == .completed else {
      Terminal.printError("\(outcome.name): \(outcome.message)")
      if let details = outcome.details { Terminal.printError("details: \(details.text)") }
      if let cause = outcome.lastError { Terminal.printError("last service error: \(cause.text)") }
      throw ExitCode(1)
    }
    if let metrics = outcome.metrics { Terminal.printError("metrics: \(metrics.text)") }
    Terminal.print(outcome.result?.text ?? "{}")
  }

  private func load(_ configuration: HostConfiguration, _ runners: RunnerConfiguration) throws -> LoadedPlugin {
    let loader = PluginLoader(
      runners: runners, pluginPath: configuration.pluginPath, program: RunnerConfiguration.programFolder() + "/weir",
      defaults: PluginLoader.Defaults(configuration))
    if plugin.hasSuffix(".json") { return try loader.load(try ManifestFolder.read(plugin), file: plugin) }
    let files = try ManifestFolder(path: configuration.manifestsFolder).files("plugins")
    var known: [String] = []
    for (file, bytes) in files {
      guard let id = PluginManifest.load(bytes: bytes, file: file).value?.id else { continue }
      if id == plugin { return try loader.load(bytes, file: file) }
      known.append(id)
    }
    throw Failure(
      "there is no plugin \"\(plugin)\" in \(configuration.manifestsFolder)/plugins",
      hint: known.isEmpty ? "Name the path of a manifest." : "There are \(known.joined(separator: ", ")).")
  }

  private func params(of handler: HostedHandler) throws -> [UInt8] {
    let bytes = params.hasPrefix("@") ? try ManifestFolder.read(String(params.dropFirst())) : Array(params.utf8)
    let value: RawJSON
    do throws(JSONSyntaxError) {
      value = try RawJSON(validating: bytes)
    } catch {
      throw Failure("--params: line \(error.line), column \(error.column): \(error.message)")
    }
    let problems = handler.params.problems(in: value)
    guard problems.isEmpty else {
      throw Failure("the params do not match the handler's schema", hint: problems.map(\.message).joined(separator: "\n  "))
    }
    return bytes
  }

  private var hearing: SingleCall.Hearing {
    SingleCall.Hearing(
      onLog: { line in Terminal.printError("\(line.level): \(line.message)\(line.fields.map { " \($0.text)" } ?? "")") },
      onEmitted: { kind, ndjson in
        for value in NDJSON.split(ndjson) {
          if kind == .items { Terminal.print(value.text) } else { Terminal.printError("rejected: \(value.text)") }
        }
      },
      onProgress: { done, total, note in
        Terminal.printError("progress: \(done)\(total > 0 ? " of \(total)" : "")\(note.map { " \($0)" } ?? "")")
      })
  }
}
