import Glibc
public import Runners
import Storage
public import Workflow

/// Loads the plugins that an operator put into the manifest folders. Runs no plugin code in this process: a runner does.
public struct PluginLoader: Sendable {
  /// What a handler gets when neither library, manifest nor workflow says.
  public struct Defaults: Sendable {
    public var timeout: Duration = .seconds(3600)
    public var queueTimeout: Duration?
    public var progressTimeout: Duration?
    public var memoryMB = 1024
    public var retry = RetryPolicy()

    public init() {}

    /// As the host's configuration has them.
    public init(_ configuration: HostConfiguration) {
      timeout = configuration.taskTimeout
      queueTimeout = configuration.queueTimeout
      progressTimeout = configuration.progressTimeout
    }
  }

  private let runners: RunnerConfiguration
  /// The value of WEIR_PLUGIN_PATH.
  private let pluginPath: String?
  private let program: String
  private let defaults: Defaults

  public init(runners: RunnerConfiguration, pluginPath: String?, program: String, defaults: Defaults = Defaults()) {
    self.runners = runners
    self.pluginPath = pluginPath
    self.program = program
    self.defaults = defaults
  }

  /// What became of a manifest without a mistake.
  public enum Opened: Sendable {
    case loaded(LoadedPlugin)
    /// Something that the library needs is not on this machine.
    case unavailable(UnavailablePlugin)
  }

  /// The same as `open`, for who needs the plugin.
  public func load(_ bytes: [UInt8], file: String) throws(Problems) -> LoadedPlugin {
    switch try open(bytes, file: file) {
    case .loaded(let plugin): return plugin
    case .unavailable(let plugin):
      throw Problems(list: [Problem(file: file, path: "library", message: "\(plugin.message).", hint: plugin.hint)])
    }
  }

  /// Loads what one manifest names.
  /// - Parameters:
  ///   - bytes: the manifest's text.
  ///   - file: its path: the library is sought beside it first.
  /// - Throws: `Problems`: every one that can be seen at that point.
  public func open(_ bytes: [UInt8], file: String) throws(Problems) -> Opened {
    let loaded = PluginManifest.load(bytes: bytes, file: file)
    let manifest = try loaded.get()
    let source = loaded.text.map { ManifestSource(text: $0) } ?? ManifestSource(file: file)
    let found = Validator.problems(in: manifest, source: source)
    guard found.isEmpty else { throw Problems(list: found) }
    let library = try find(manifest, file: file)
    let hash: String
    do throws(StorageError) {
      hash = try FileDigest.sha256(ofFile: library)
    } catch {
      throw Problems(list: [Problem(file: file, path: "library", message: error.message, hint: error.hint)])
    }
    let build = RunnerBuild(
      plugin: manifest.id, library: library, sha256: hash, configuration: RawJSON(manifest.config))
    let name = library.split(separator: "/").last.map(String.init) ?? library
    let description: PluginDescription
    do throws(RunnersError) {
      description = try LibraryDescription.of(build, configuration: runners)
    } catch {
      if let missing = error.missingLibrary { return .unavailable(UnavailablePlugin(manifest, library: name, missing: missing)) }
      throw Problems(list: [Problem(file: file, path: "library", message: error.message, hint: error.hint)])
    }
    let mismatches = description.mismatches(with: manifest, library: name, source: source)
    guard mismatches.isEmpty else { throw Problems(list: mismatches) }
    return .loaded(
      LoadedPlugin(
        manifest: manifest, library: library, libraryHash: hash, description: description,
        handlers: try handlers(of: manifest, description, build, file: file)))
  }

  private func find(_ manifest: PluginManifest, file: String) throws(Problems) -> String {
    let search = LibrarySearch(manifest: file, pluginPath: pluginPath, program: program)
    for candidate in search.candidates(for: manifest.library) where access(candidate, R_OK) == 0 {
      guard let absolute = realpath(candidate, nil) else { continue }
      defer { free(absolute) }
      return String(cString: absolute)
    }
    throw Problems(list: [search.missing(library: manifest.library, file: file)])
  }

  private func handlers(
    of manifest: PluginManifest, _ description: PluginDescription, _ build: RunnerBuild, file: String
  ) throws(Problems) -> [HostedHandler] {
    var handlers: [HostedHandler] = []
    var problems: [Problem] = []
    for described in description.handlers {
      let settings = manifest.handler(described.name)
      do throws(SchemaError) {
        handlers.append(
          HostedHandler(
            name: described.name, version: described.version, plugin: manifest.id, pluginVersion: manifest.version, build: build,
            grants: manifest.grants,
            timeout: settings?.timeout ?? described.timeout ?? defaults.timeout,
            queueTimeout: settings?.queueTimeout ?? defaults.queueTimeout,
            progressTimeout: settings?.progressTimeout ?? defaults.progressTimeout,
            retry: settings?.retry ?? defaults.retry,
            memoryMB: settings?.memory.map { max(1, $0 >> 20) } ?? described.memoryMB ?? defaults.memoryMB,
            threads: settings?.threads ?? 1, isIdempotent: described.isIdempotent,
            resources: settings?.resources ?? [:],
            services: (described.services + described.optional).filter(manifest.grants.allow(service:)),
            params: try Schema(described.paramsSchema),
            result: try described.resultSchema.map { schema throws(SchemaError) in try Schema(schema) },
            item: try described.itemSchema.map { schema throws(SchemaError) in try Schema(schema) },
            metrics: Dictionary(uniqueKeysWithValues: manifest.metrics.map { ($0.name, $0.aggregate) })))
      } catch {
        problems.append(
          Problem(file: file, path: "handlers.\(described.name)", message: "a schema of the library: \(error.message)"))
      }
    }
    guard problems.isEmpty else { throw Problems(list: problems) }
    return handlers
  }
}
