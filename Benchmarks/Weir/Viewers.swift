import Foundation
import Workflow

/// A large job with many who look at it, and the same without: what lookers cost, how large pages are, how long samples and pages take.
struct Viewers {
  static let count = 50

  let tasks: Int
  let rounds: Int

  /// Answers whether all that is promised held.
  func run() throws -> Bool {
    let server = try BenchServer(folder: Bench.folder + "/cluster")
    defer { try? server.remove() }  // what stays is removed at the next start
    var results = Results()
    for round in 1...rounds {
      // in turn first and second, so that a machine that grows slower meets both
      for watched in round % 2 == 1 ? [false, true] : [true, false] {
        let measured = try server.withDatabase { url in
          try Bench.once(watched ? "viewers" : "alone", tasks, url: url)
        }
        print("round \(round), \(watched ? "\(Self.count) viewers" : "nobody looks"): \(measured.json.serialized())")
        results.add(measured, to: watched ? "viewers" : "alone")
      }
    }
    return judge(results)
  }

  private func judge(_ results: Results) -> Bool {
    func median(_ figure: String, _ work: String = "viewers") -> Double { results.median(work, figure) ?? .infinity }
    let (alone, watched) = (median("cpu_ms", "alone"), median("cpu_ms"))
    let more = (watched / alone - 1) * 100
    print("a job of \(tasks) tasks, median of \(rounds): \(alone.text(0)) ms CPU alone, \(watched.text(0)) with \(Self.count) viewers")
    return [
      verdict("what viewers add to the CPU of host, runners and PostgreSQL, %", more, 5, decimals: 2),
      verdict("a sample, ms of the database", median("sample_ms"), 20, decimals: 2),
      verdict("the overview, ms of the database", median("overview_ms"), 20, decimals: 2),
      verdict("a job's card, ms of the database", median("card_ms"), 20, decimals: 2),
      verdict("the largest page, kB", median("page_bytes") / 1000, 100, decimals: 1),
    ].allSatisfy { $0 }
  }

  private func verdict(_ what: String, _ figure: Double, _ aim: Double, decimals: Int) -> Bool {
    print("\(figure < aim ? "holds" : "FAILS"): \(what): \(figure.text(decimals)) (under \(aim.text(0)))")
    return figure < aim
  }
}
