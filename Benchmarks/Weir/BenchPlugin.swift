import Foundation
import Runners
import Runtime
import Workflow

/// The plugin whose handlers do nothing, and the workflows that measure what surrounds a handler.
enum BenchPlugin {
  static let version = "1.0.0"
  static let fanOut = "fan_out"
  static let chain = "chain"
  static let emit = "emit"

  static func runners() throws -> RunnerConfiguration {
    try RunnerConfiguration(hostVersion: version, environment: ProcessInfo.processInfo.environment)
  }

  /// The library lies beside this program.
  static func load() throws -> LoadedPlugin {
    let folder = RunnerConfiguration.programFolder()
    let loader = PluginLoader(runners: try runners(), pluginPath: folder, program: folder + "/weir-bench")
    return try loader.load(Array(manifest.utf8), file: "the plugin of the benchmark")
  }

  private static let manifest = """
    {"id": "org.weir.noop", "version": "1.0.0", "abi": 1, "library": "Noop", "title": "Handlers that do nothing",
     "handlers": {"noop.run": {}, "noop.echo": {}, "noop.emit": {}, "noop.sleep": {}, "noop.reject": {}}}
    """

  static let workflows = [
    """
    {"name": "\(fanOut)", "title": "1 -> count -> 1",
     "parameters": {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}},
     "stages": [
       {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}", "size": 0}},
       {"id": "work", "handler": "noop.run", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"item": "${item}"}},
       {"id": "gather", "handler": "noop.run", "needs": ["work"], "params": {}}]}
    """,
    """
    {"name": "\(chain)", "title": "Five stages, one after another", "stages": [
       {"id": "first", "handler": "noop.run", "params": {}},
       {"id": "second", "handler": "noop.run", "needs": ["first"], "params": {}},
       {"id": "third", "handler": "noop.run", "needs": ["second"], "params": {}},
       {"id": "fourth", "handler": "noop.run", "needs": ["third"], "params": {}},
       {"id": "fifth", "handler": "noop.run", "needs": ["fourth"], "params": {}}]}
    """,
    """
    {"name": "\(emit)", "title": "One task that emits", "stages": [
       {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}", "size": 1024}}],
     "parameters": {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}}}
    """,
  ]
}
