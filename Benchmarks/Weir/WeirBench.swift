import Foundation
import Workflow

/// `weir-bench`: how quick Weir is on this machine, and its peers on the same PostgreSQL in the same run.
///
///     weir-bench [--quick] [--no-peers] [--rounds 5]   prints a table
///     weir-bench soak [--minutes 60] [--tasks 1000000] a large stage, then full rate; status 2: a promise does not hold
///     weir-bench viewers [--quick]                     a large job with 50 who look at it, and without; status 2 as above
///     weir-bench tiles [--quick]                       vector tiles over 300,000 polygons
///     weir-bench once WORK --url URL [--tasks N]       one measurement as a line of JSON: what the table is made of
@main
enum WeirBench {
  static func main() {
    do {
      let options = try Options(CommandLine.arguments.dropFirst())
      switch options.command {
      case .table: try Bench(options).run()
      case .soak: if try !Soak(minutes: options.minutes, tasks: options.large).run() { exit(2) }
      case .viewers: if try !Viewers(tasks: options.large, rounds: options.rounds).run() { exit(2) }
      case .tiles: try TileDraw(polygons: options.isQuick ? 30_000 : 300_000).run()
      case .look: try Lookers.look(options.url, job: options.job, count: options.tasks)
      case .once(let work): print(try Measurement.of(work, options).json.serialized())
      }
    } catch {
      FileHandle.standardError.write(Data("weir-bench: \(error)\n".utf8))
      exit(1)
    }
  }
}
