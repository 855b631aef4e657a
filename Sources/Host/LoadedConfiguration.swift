import Glibc
import Runners
import Runtime
import Workflow

/// The configuration of this process: the file that WEIR_CONFIG names, or `weir.json` here, or the one beside the program
/// (which a package makes a link to /etc); and the environment.
enum LoadedConfiguration {
  /// - Throws: `Problems`, all of them.
  static func read(_ environment: [String: String] = Environment.current) throws(Problems) -> (
    configuration: HostConfiguration, origins: [HostConfiguration.Origin]
  ) {
    let places = ["weir.json", RunnerConfiguration.programFolder() + "/weir.json"]
    guard let path = environment["WEIR_CONFIG"] ?? places.first(where: { access($0, F_OK) == 0 }) else {
      return try HostConfiguration.load(file: nil, environment: environment)
    }
    return try HostConfiguration.load(file: (path, try ManifestFolder.read(path)), environment: environment)
  }
}
