import Runners
import Runtime
import Workflow

/// What an operator put into the manifests folder, checked: plugins whose libraries stand, workflows that use them.
struct HostCatalog {
  let plugins: [LoadedPlugin]
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
    var pluginFiles: [String: String] = [:]
    for (file, bytes) in try folder.files("plugins") {
      do throws(Problems) {
        let plugin = try loader.load(bytes, file: file)
        guard let other = pluginFiles.updateValue(file, forKey: plugin.manifest.id) else {
          plugins.append(plugin)
          continue
        }
        problems.append(
          Problem(
            file: file, path: "id", message: "\(other) defines a plugin \"\(plugin.manifest.id)\" already.",
            hint: "Take one of the two manifests out of the folder."))
      } catch {
        problems += error.list
      }
    }
    var owners: [String: String] = [:]
    for plugin in plugins {
      for handler in plugin.handlers {
        if let other = owners.updateValue(plugin.manifest.id, forKey: handler.name) {
          problems.append(
            Problem(
              file: folder.path + "/plugins", path: "handlers.\(handler.name)",
              message: "plugins \"\(other)\" and \"\(plugin.manifest.id)\" both have a handler \"\(handler.name)\".",
              hint: "Take one of the two manifests out of the folder."))
        }
      }
    }
    let handlers = HandlerCatalogue(plugins: plugins.map(\.description))
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
    self.workflows = workflows
    self.datasets = datasets
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
