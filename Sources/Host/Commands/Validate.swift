import ArgumentParser
import Runners
import Runtime
import Workflow

struct Validate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check manifests: every problem at once.",
    discussion: "Ends with 1 when there is a problem. Workflows are checked against the plugins of the manifests folder.")

  @Argument(help: "Manifests of plugins, workflows and datasets.") var files: [String]
  @Flag(help: "Do not load plugins: what depends on their handlers is not checked.") var noPlugins = false

  func run() async throws {
    var problems: [Problem] = []
    let handlers = noPlugins ? nil : try Handlers.known()
    for file in files {
      do throws(Problems) {
        let bytes = try ManifestFolder.read(file)
        problems += check(bytes, file: file, handlers: handlers)
      } catch {
        problems += error.list
      }
    }
    for problem in problems { Terminal.printError(problem.description) }
    if noPlugins { Terminal.printError("Not checked: what depends on the handlers of plugins (--no-plugins).") }
    guard problems.isEmpty else { throw ExitCode(1) }
    Terminal.print("\(files.count) \(files.count == 1 ? "manifest" : "manifests"), no problem")
  }

  /// A workflow has stages; the others have none, but some of what only they have.
  private func check(_ bytes: [UInt8], file: String, handlers: HandlerCatalogue?) -> [Problem] {
    let document = try? JSON(parsing: bytes)  // what is no JSON is reported by the rules below
    let has = { (keys: [String]) in document?["stages"] == nil && keys.contains { document?[$0] != nil } }
    if has(["dataset_id", "target_table_name", "source_type"]) { return Validator.dataset(bytes: bytes, file: file).problems }
    let isPlugin = has(["library", "abi", "handlers", "grants"])
    return isPlugin
      ? Validator.plugin(bytes: bytes, file: file).problems
      : Validator.workflow(bytes: bytes, file: file, handlers: handlers).problems
  }
}

/// The handlers of the plugins that the configuration names.
enum Handlers {
  static func known() throws -> HandlerCatalogue {
    let (configuration, _) = try LoadedConfiguration.read()
    let runners = try RunnerConfiguration(hostVersion: Weir.version, environment: Environment.current)
    let loader = PluginLoader(
      runners: runners, pluginPath: configuration.pluginPath, program: RunnerConfiguration.programFolder() + "/weir")
    let folder = ManifestFolder(path: configuration.manifestsFolder)
    var (plugins, unavailable): ([PluginDescription], [UnavailablePlugin]) = ([], [])
    for (file, bytes) in try folder.files("plugins") {
      switch try loader.open(bytes, file: file) {
      case .loaded(let plugin): plugins.append(plugin.description)
      case .unavailable(let plugin): unavailable.append(plugin)
      }
    }
    return HandlerCatalogue(plugins: plugins, unavailable: unavailable)
  }
}

extension HostConfiguration {
  /// `manifests`, else that folder here, else beside the program.
  var manifestsFolder: String {
    manifests ?? (ManifestFolder(path: "manifests").exists ? "manifests" : RunnerConfiguration.programFolder() + "/manifests")
  }
}
