import Foundation

/// One program, run to its end.
struct TimedRun {
  let status: Int32
  let seconds: Double
  /// Seconds of processor time, its children's too.
  let cpu: Double
  /// Both of its streams.
  let output: String

  init(_ command: [String], environment: [String: String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    let before = Self.used
    let start = ContinuousClock.now
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let time = ContinuousClock.now - start
    seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    cpu = Self.used - before
    status = process.terminationStatus
    output = String(decoding: bytes, as: UTF8.self)
  }

  private static var used: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}

/// What one copy took.
struct CopyTrial {
  let seconds: Double
  let cpu: Double
}
