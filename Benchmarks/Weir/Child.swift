import Foundation
import Workflow

/// A program whose lines of output are wanted.
struct Child {
  let program: String
  let arguments: [String]

  /// Its output, line by line, once it has ended well; what it says on stderr is shown.
  func lines() throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Complaint("\(program) \(arguments.joined(separator: " ")): ended with \(process.terminationStatus)")
    }
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Each of its lines that is a JSON object.
  func objects() throws -> [JSON] {
    try lines().filter { $0.hasPrefix("{") }.map { try JSON(parsing: $0) }
  }
}
