import Runners
import Runtime
import Workflow

/// What an operator put into the manifests folder, checked: plugins whose libraries stand, workflows that use them.
struct HostCatalog {
  let plugins: [LoadedPlugin]
  /// What this machine lacks something for: the others work without.
  let unavailable: [UnavailablePlugin]
  let workflows: [(definition: WorkflowDefinition, text: String)]
  let datasets: [DatasetDefinition]

  /// - Throws: `Problems`: those of all files at once.
  init(_ configuration: HostConfiguration, runners: RunnerConfiguration) throws(Problems) {
    let folder = ManifestFolder(path: configuration.manifestsFolder)
    let loader = PluginLoader(
      runners: runners, pluginPath: configuration.pluginPath, program: RunnerConfiguration.programFolder() + "/weir",
      defaults: PluginLoader.Defaults(configuration))
    var problems: [Problem] = []
    var plugins: [LoadedPlugin] = []
    var unavailable: [UnavailablePlugin] = []
    var pluginFiles: [String: String] = [:]
    for (file, bytes) in try folder.files("plugins") {
      do throws(Problems) {
        let id: String
        switch try loader.open(bytes, file: file) {
        case .loaded(let plugin):
          id = plugin.manifest.id
          if pluginFiles[id] == nil { plugins.append(plugin) }
        case .unavailable(let plugin):
          id = plugin.id
          if pluginFiles[id] == nil { unavailable.append(plugin) }
        }
        guard let other = pluginFiles.updateValue(file, forKey: id) else { continue }
        problems.append(
          Problem(
            file: file, path: "id", message: "\(other) defines a plugin \"\(id)\" already.",
            hint: "Take one of the two manifests out of the folder."))
      } catch {
        problems += error.list
      }
    }
    problems += Self.ownerProblems(plugins, folder)
    let handlers = HandlerCatalogue(plugins: plugins.map(\.description), unavailable: unavailable)
    var workflows: [(definition: WorkflowDefinition, text: String)] = []
    var files: [String: String] = [:]
    for (file, bytes) in try folder.files("workflows") {
      let loaded = Validator.workflow(bytes: bytes, file: file, handlers: handlers)
      problems += loaded.problems
      guard let definition = loaded.value else { continue }
      if let other = files.updateValue(file, forKey: definition.name) {
        problems.append(
          Problem(
            file: file, path: "name", message: "\(other) defines a workflow \"\(definition.name)\" already.",
            hint: "Give one of the two another name."))
      }
      workflows.append((definition, String(decoding: bytes, as: UTF8.self)))
    }
    let datasets = try Self.datasets(folder, &problems)
    guard problems.isEmpty else { throw Problems(list: problems) }
    self.plugins = plugins
    self.unavailable = unavailable
    self.workflows = workflows
    self.datasets = datasets
  }

  /// Two plugins that have one handler.
  private static func ownerProblems(_ plugins: [LoadedPlugin], _ folder: ManifestFolder) -> [Problem] {
    var owners: [String: String] = [:]
    var problems: [Problem] = []
    for plugin in plugins {
      for handler in plugin.handlers {
        guard let other = owners.updateValue(plugin.manifest.id, forKey: handler.name) else { continue }
        problems.append(
          Problem(
            file: folder.path + "/plugins", path: "handlers.\(handler.name)",
            message: "plugins \"\(other)\" and \"\(plugin.manifest.id)\" both have a handler \"\(handler.name)\".",
            hint: "Take one of the two manifests out of the folder."))
      }
    }
    return problems
  }

  private static func datasets(_ folder: ManifestFolder, _ problems: inout [Problem]) throws(Problems) -> [DatasetDefinition] {
    var datasets: [DatasetDefinition] = []
    var files: [String: String] = [:]
    for (file, bytes) in try folder.files("datasets") {
      let loaded = Validator.dataset(bytes: bytes, file: file)
      problems += loaded.problems
      guard let dataset = loaded.value else { continue }
      if let other = files.updateValue(file, forKey: dataset.id) {
        problems.append(
          Problem(
            file: file, path: "dataset_id", message: "\(other) defines a dataset \"\(dataset.id)\" already.",
            hint: "Take one of the two manifests out of the folder."))
      }
      datasets.append(dataset)
    }
    return datasets
  }
}
