import Database
import Glibc
import Runners
import Runtime
import Storage
import TestSupport
import Workflow

/// What handlers need that no database is needed for: containers `bronze` and `silver`, and the plugins that are built beside the tests.
final class Workshop: Sendable {
  let folder = TemporaryFolder()
  let runners: RunnerConfiguration

  init(grace: Duration = .seconds(10)) throws {
    var runners = try RunnerConfiguration(hostVersion: "1.0.0", environment: [:], scratch: "\(folder.path)/scratch")
    runners.loadTimeout = .seconds(60)
    runners.grace = grace
    self.runners = runners
    for name in ["bronze", "silver"] { mkdir("\(folder.path)/\(name)", 0o755) }
  }

  var containers: Containers {
    get throws { try Containers(["*": "file://\(folder.path)/*"], isDurable: false) }
  }

  /// A plugin as an operator would have it, its retries without waits.
  ///
  /// - Parameter folder: where its library lies; nil: beside the tests.
  func plugin(_ name: String, _ handlers: [String], grants: String = "{}", folder: String? = nil) throws -> LoadedPlugin {
    let settings = handlers.map { #""\#($0)": {"threads": 3, "retry": {"attempts": 3, "backoff": "1ms", "cap": "1ms"}}"# }.joined(
      separator: ",")
    let manifest = #"""
      {"id": "org.weir.\#(name.lowercased())", "version": "1.0.0", "abi": 1, "library": "\#(name)", "title": "For tests",
       "handlers": {\#(settings)}, "grants": \#(grants)}
      """#
    let programs = RunnerConfiguration.programFolder()
    return try PluginLoader(runners: runners, pluginPath: folder ?? programs, program: "\(programs)/weir")
      .load(Array(manifest.utf8), file: "\(folder ?? programs)/\(name).json")
  }

  func single(
    _ handler: HostedHandler, databases: [GuestConfiguration] = [], http: HTTPServiceConfiguration = HTTPServiceConfiguration()
  ) throws -> SingleCall {
    SingleCall(handler: handler, containers: try containers, databases: databases, http: http, runners: runners)
  }

  /// A file below the folder; nil where there is none.
  func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen("\(folder.path)/\(path)", "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 64 << 10)
    while case let got = fread(&room, 1, room.count, file), got > 0 { bytes += room[..<got] }
    return bytes
  }
}
