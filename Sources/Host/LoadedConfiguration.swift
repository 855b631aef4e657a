import Glibc
import Runtime
import Workflow

/// The configuration of this process: `weir.json`, or the file that WEIR_CONFIG names, and the environment.
enum LoadedConfiguration {
  /// - Throws: `Problems`, all of them.
  static func read(_ environment: [String: String] = Environment.current) throws(Problems) -> (
    configuration: HostConfiguration, origins: [HostConfiguration.Origin]
  ) {
    let named = environment["WEIR_CONFIG"]
    let path = named ?? "weir.json"
    guard named != nil || access(path, F_OK) == 0 else {
      return try HostConfiguration.load(file: nil, environment: environment)
    }
    return try HostConfiguration.load(file: (path, try ManifestFolder.read(path)), environment: environment)
  }
}
