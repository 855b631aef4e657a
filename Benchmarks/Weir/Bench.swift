import Foundation
import Runners
import Workflow

/// All measurements in turn, then the table: Weir's and the peers' alternate, so that a busy moment meets all of them.
final class Bench {
  static let folder = ".build/bench"

  private let options: Options
  private let server: BenchServer
  private var results = Results()
  private let start = Date()

  init(_ options: Options) throws {
    self.options = options
    Self.say("starting PostgreSQL with pgSTAC")
    server = try BenchServer(folder: Self.folder + "/cluster")
  }

  func run() throws {
    let loadBefore = Self.load
    defer { try? server.remove() }  // what stays is removed at the next start
    for round in 1...options.rounds {
      Self.say("round \(round) of \(options.rounds)")
      for tasks in sizes { results.add(try once("fan-out", tasks), to: "fan-out \(tasks)") }
      results.add(try once("chain"), to: "chain")
      results.add(try once("narrow", 1000), to: "narrow")
      results.add(try once("round-trip"), to: "round-trip")
      results.add(try once("kill"), to: "kill")
      if options.hasPeers, round <= 3 { try peers() }
    }
    Self.say("a task that emits \(emitted) items")
    results.add(try once("emit", emitted), to: "emit")
    Self.say("registration")
    try registration()
    let place = Place(
      date: start, minutes: Date().timeIntervalSince(start) / 60, postgres: try server.version, loadBefore: loadBefore,
      loadAfter: Self.load)
    print(Table(results: results, sizes: sizes, emitted: emitted, place: place).text)
  }

  private var sizes: [Int] { options.isQuick ? [2_000, 20_000] : [10_000, 100_000] }
  private var emitted: Int { options.isQuick ? 100_000 : 1_000_000 }

  /// Measures in a process of its own, on a database of its own.
  private func once(_ work: String, _ tasks: Int = 1) throws -> Measurement {
    try server.withDatabase { url in
      let measured = try Self.once(work, tasks, url: url)
      Self.say("  \(work) \(tasks > 1 ? "\(tasks)" : ""): \(measured.json.serialized())")
      return measured
    }
  }

  static func once(_ work: String, _ tasks: Int, url: String) throws -> Measurement {
    let program = RunnerConfiguration.programFolder() + "/weir-bench"
    let answer = try Child(program: program, arguments: ["once", work, "--url", url, "--tasks", "\(tasks)"]).objects()
    guard let figures = answer.last else { throw Complaint("once \(work): no answer") }
    return Measurement(figures)
  }

  /// Procrastinate, DBOS and pgqueuer, each at its best settings, on this server.
  private func peers() throws {
    let arguments = ["Benchmarks/peers/run.py", "--pg-url", server.url, "--tasks", "\(sizes[0])", "--repeats", "1"]
    for answer in try Child(program: ".venv-peers/bin/python", arguments: arguments).objects() {
      guard let peer = answer["peer"]?.stringValue, let work = answer["work"]?.stringValue else { continue }
      Self.say("  \(answer.serialized())")
      results.add(Measurement(answer), to: "\(peer) \(work)")
    }
  }

  private func registration() throws {
    let (items, repeats) = options.isQuick ? ("2000", "1") : ("10000", "3")
    let program = RunnerConfiguration.programFolder() + "/weir-bench-registration"
    try server.withDatabase { url in
      let lines = try Child(program: program, arguments: [url, ".venv/bin/pypgstac", items, repeats]).lines()
      for line in lines {
        Self.say("  \(line)")
        let parts = line.split(separator: ": ")
        guard parts.count == 2, let value = parts[1].split(separator: " ").first.flatMap({ Double($0) }) else { continue }
        results.add(Measurement(figures: ["value": value]), to: "registration \(parts[0])")
      }
    }
    try pypgstac(items: items, repeats: repeats)
  }

  /// pypgstac by a clock inside its process, so that Python's start is not in it; its items are others of the same size.
  private func pypgstac(items: String, repeats: String) throws {
    let (python, script, folder) = (".venv/bin/python", "Benchmarks/peers/stac_load.py", Self.folder + "/stac")
    _ = try Child(program: python, arguments: [script, "make", folder, "--items", items]).lines()
    for answer in try Child(program: python, arguments: [script, "measure", folder, "--pg-url", server.url, "--repeats", repeats]).objects()
    {
      Self.say("  \(answer.serialized())")
      results.add(Measurement(answer), to: answer["peer"]?.stringValue ?? "")
    }
  }

  private static func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  private static var load: String { (CPUMeter.read("/proc/loadavg") ?? "").split(separator: " ").first.map(String.init) ?? "?" }
}
