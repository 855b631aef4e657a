import Runners
import Runtime
import Workflow

/// What an operator put into the manifests folder, checked: plugins whose libraries stand, workflows that use them.
struct HostCatalog {
  let plugins: [LoadedPlugin]
  let workflows: [(definition: WorkflowDefinition, text: String)]

  /// - Throws: `Problems`: those of all files at once.
  init(_ configuration: HostConfiguration, runners: RunnerConfiguration) throws(Problems) {
    let folder = ManifestFolder(path: configuration.manifestsFolder)
    let loader = PluginLoader(
      runners: runners, pluginPath: configuration.pluginPath, program: RunnerConfiguration.programFolder() + "/weir")
    var problems: [Problem] = []
    var plugins: [LoadedPlugin] = []
    for (file, bytes) in try folder.files("plugins") {
      do throws(Problems) { plugins.append(try loader.load(bytes, file: file)) } catch { problems += error.list }
    }
    let handlers = HandlerCatalogue(plugins: plugins.map(\.description))
    var workflows: [(definition: WorkflowDefinition, text: String)] = []
    for (file, bytes) in try folder.files("workflows") {
      let loaded = Validator.workflow(bytes: bytes, file: file, handlers: handlers)
      problems += loaded.problems
      if let definition = loaded.value { workflows.append((definition, String(decoding: bytes, as: UTF8.self))) }
    }
    guard problems.isEmpty else { throw Problems(list: problems) }
    self.plugins = plugins
    self.workflows = workflows
  }
}
