public import Workflow

/// What handler libraries say of themselves, asked in a runner of their own.
public enum LibraryDescription {
  /// Loads the library in a fresh runner, takes its description, and stops the runner. Blocks, up to the load timeout.
  ///
  /// - Throws: `.libraryRefused` with the loader's reason; `.runnerEnded` when the plugin ended it, with what it printed;
  ///   `.descriptionBroken`; what starting a runner throws.
  public static func of(
    _ build: RunnerBuild, configuration: RunnerConfiguration
  ) throws(RunnersError) -> PluginDescription {
    let probe = try RunnerProbe(configuration: configuration)
    let loaded = probe.load(build, configuration: configuration)
    let printed = probe.printed.isEmpty ? "" : "; it printed: " + probe.printed.suffix(5).joined(separator: " | ")
    func ended(_ cause: String) -> RunnersError { RunnersError(.runnerEnded(cause + printed), subject: build.library) }
    switch loaded {
    case .ready(let bytes):
      defer { _ = probe.stop(within: configuration.closeTimeout) }
      return try read(bytes, of: build)
    case .refused(let reason): throw RunnersError(.libraryRefused(reason), subject: build.library)
    case .ended(let end): throw ended("the runner \(end.text) while it loaded the library")
    case .brokeProtocol(let text): throw ended(text)
    case .tooSlow: throw ended("the library was not loaded within \(configuration.loadTimeout.text)")
    }
  }

  private static func read(_ bytes: [UInt8], of build: RunnerBuild) throws(RunnersError) -> PluginDescription {
    func broken(_ reason: String) -> RunnersError { RunnersError(.descriptionBroken(reason), subject: build.library) }
    let json: JSON
    do throws(JSONSyntaxError) {
      json = try JSON(parsing: bytes)
    } catch {
      throw broken(error.description)
    }
    do throws(DescriptionError) {
      return try PluginDescription(json: json)
    } catch {
      throw broken(error.description)
    }
  }
}
