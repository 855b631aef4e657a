import Foundation
import TestSupport

/// `weir-bench-copy`: how quick Weir copies into and inside an S3 store, beside rclone and aws on the same store in the same run.
///
///     weir-bench-copy [--quick] [--rounds 3]         prints a table
///     weir-bench-copy once SOURCE TARGET             one copy by Weir, between URLs as the configuration has them
@main
struct CopyBench {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      if arguments.first == "once" {
        try WeirCopy.run(from: arguments[1], to: arguments[2])
      } else {
        let quick = arguments.contains("--quick")
        let at = arguments.firstIndex(of: "--rounds").map { arguments.index(after: $0) }
        let rounds = at.flatMap { arguments.indices.contains($0) ? Int(arguments[$0]) : nil } ?? (quick ? 1 : 3)
        try CopyBench(sizes: quick ? [.small(500), .large(4)] : [.small(5000), .large(20)], rounds: rounds).run()
      }
    } catch {
      FileHandle.standardError.write(Data("weir-bench-copy: \(error)\n".utf8))
      exit(1)
    }
  }

  let sizes: [ObjectSet]
  let rounds: Int

  private func run() throws {
    let place = try CopyPlace()
    var table = CopyTable(rounds: rounds)
    for set in sizes {
      try place.make(set)
      for round in 0..<rounds {
        for way in CopyWay.allCases {
          // each round begins with another one
          let contenders = Contender.allCases
          for turn in contenders.indices {
            let contender = contenders[(turn + round) % contenders.count]
            table.add(try place.trial(contender, way, set), contender, way, set)
          }
        }
      }
      try place.remove(set)
    }
    print(table.text)
  }
}

/// From where to where.
enum CopyWay: String, CaseIterable {
  case into = "directory to S3"
  case inside = "S3 to S3, same store"
}

/// Objects of one size.
struct ObjectSet: Hashable {
  let name: String
  let count: Int
  let bytes: Int

  static func small(_ count: Int) -> ObjectSet { ObjectSet(name: "small", count: count, bytes: 16 << 10) }
  static func large(_ count: Int) -> ObjectSet { ObjectSet(name: "large", count: count, bytes: 64 << 20) }

  var text: String { bytes < 1 << 20 ? "\(count) x \(bytes >> 10) KB" : "\(count) x \(bytes >> 20) MB" }
}
