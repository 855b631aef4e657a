import Glibc
import Runners
import Workflow

/// What the tests of runners are made of: the real runner, and the libraries that are built beside the tests.
enum Make {
  static func configuration() throws -> RunnerConfiguration {
    var configuration = try RunnerConfiguration(hostVersion: "1.0.0", environment: [:], scratch: scratch)
    configuration.loadTimeout = .seconds(60)
    configuration.closeTimeout = .seconds(20)
    return configuration
  }

  static let scratch = "/tmp/weir-runners-tests-\(getuid())"

  static func library(_ name: String) -> String { "\(RunnerConfiguration.programFolder())/lib\(name).so" }

  static func build(_ name: String, addressSpaceMB: Int = 0) -> RunnerBuild {
    RunnerBuild(
      plugin: name.lowercased(), library: library(name), sha256: name, addressSpaceMB: addressSpaceMB)
  }

  static func task(
    _ handler: String, _ params: String = "{}", number: Int = 3, timeout: Duration? = nil, memoryMB: Int = 0,
    granted: [String] = []
  ) -> TaskCall {
    TaskCall(
      token: Int64(number), jobID: "7", stage: "main", taskID: "7/main/\(number)", handler: handler, attempts: 3,
      timeout: timeout, memoryMB: memoryMB, granted: granted, params: Array(params.utf8))
  }

  /// Calls one handler of one plugin in a runner of its own.
  static func outcome(
    _ handler: String, _ params: String = "{}", timeout: Duration? = nil, memoryMB: Int = 0,
    recorder: Recorder = Recorder(), change: (inout RunnerConfiguration) -> Void = { _ in }
  ) throws -> Outcome {
    var configuration = try configuration()
    change(&configuration)
    let plugin = handler.prefix { $0 != "." }
    return try OneTask.call(
      task(handler, params, timeout: timeout, memoryMB: memoryMB),
      build: build(plugin.prefix(1).uppercased() + plugin.dropFirst()), configuration: configuration, delegate: recorder)
  }
}
