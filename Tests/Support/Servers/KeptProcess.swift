import CKernel
import FoundationEssentials
import Glibc

/// A Python program that prints one line of JSON when it is ready and ends when its input does: with this object, or with
/// this process, even one that is killed.
public final class KeptProcess: Sendable {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
  }

  /// What it said when it was ready.
  let answer: [String: String]
  private let input: Int32
  private let output: Int32
  private let pid: Int32

  /// Blocks until it is ready, three minutes at most.
  init(_ arguments: [String], python: String, environment: [String: String] = [:]) throws {
    guard access(python, X_OK) == 0 else { throw Failure("there is no \(python): run `make setup`") }
    let (theirInput, ourInput) = try Self.pipe()
    let (ourOutput, theirOutput) = try Self.pipe()
    pid = Self.spawn([python] + arguments, Self.scrubbed.merging(environment) { $1 }, input: theirInput, output: theirOutput)
    close(theirInput)
    close(theirOutput)
    (input, output) = (ourInput, ourOutput)
    guard pid > 0 else { throw Failure("cannot start \(python): \(String(cString: strerror(-pid)))") }
    let line = try Self.line(from: ourOutput, of: arguments)
    // numbers and texts alike: a server says its port, or what is wrong
    answer = try JSONDecoder().decode([String: Value].self, from: Data(line)).mapValues(\.text)
    if let error = answer["error"] { throw Failure("\(arguments.joined(separator: " ")): \(error)") }
  }

  deinit {
    close(input)  // which ends it
    close(output)
    guard pid > 0 else { return }
    var status: Int32 = 0
    until { waitpid(pid, &status, WNOHANG) != 0 }
  }

  private struct Value: Decodable {
    let text: String
    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) { text = String(number) } else { text = try value.decode(String.self) }
    }
  }

  private static var scrubbed: [String: String] {
    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return [
      "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TMPDIR": temporary, "HOME": temporary, "PYTHONDONTWRITEBYTECODE": "1",
    ]
  }

  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard weir_pipe(&ends) == 0 else { throw Failure("no pipe: \(String(cString: strerror(errno)))") }
    return (ends[0], ends[1])
  }

  private static func spawn(_ arguments: [String], _ environment: [String: String], input: Int32, output: Int32) -> Int32 {
    let texts = arguments.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (texts + variables).forEach { free($0) } }
    return weir_spawn(arguments[0], texts, variables, [input, output, 2, -1, -1, -1])
  }

  private static func line(from output: Int32, of arguments: [String]) throws -> [UInt8] {
    var line: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while line.last != 0x0A {
      var waited = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&waited, 1, 180_000) == 1 else { throw Failure("\(arguments.joined(separator: " ")): is not ready after 3 minutes") }
      let count = read(output, &buffer, buffer.count)
      guard count > 0 else { throw Failure("\(arguments.joined(separator: " ")): ended without a word; stderr may have more") }
      line += buffer[..<count]
    }
    return line
  }
}
