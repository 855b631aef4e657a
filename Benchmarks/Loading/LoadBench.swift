import Foundation

/// `weir-bench-load`: how quick an update of a curated dataset brings protected areas into PostGIS, beside ogr2ogr on the same server.
///
///     weir-bench-load [--quick] [--rounds 3]
///
/// 300,000 polygons, or 30,000 with --quick, made once by wdpa.py and kept in .build/bench.
@main
struct LoadBench {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let isQuick = arguments.contains("--quick")
    let at = arguments.firstIndex(of: "--rounds").map { arguments.index(after: $0) }
    let rounds = at.flatMap { arguments.indices.contains($0) ? Int(arguments[$0]) : nil } ?? (isQuick ? 1 : 3)
    do {
      try LoadBench(polygons: isQuick ? 30_000 : 300_000, rounds: rounds).run()
    } catch {
      FileHandle.standardError.write(Data("weir-bench-load: \(error)\n".utf8))
      exit(1)
    }
  }

  let polygons: Int
  let rounds: Int

  private func run() throws {
    let place = try LoadPlace(polygons: polygons)
    defer { place.remove() }
    var trials: [LoadTrial] = []
    var rivals: [OgrWay: [Double]] = [:]
    for round in 1...rounds {
      for way in OgrWay.allCases { rivals[way, default: []].append(try place.ogr(way)) }
      trials.append(try place.weir())
      FileHandle.standardError.write(Data("round \(round) of \(rounds)\n".utf8))
    }
    print(table(trials, rivals))
  }

  private func table(_ trials: [LoadTrial], _ rivals: [OgrWay: [Double]]) -> String {
    let (load, whole) = (median(trials.map(\.load)), median(trials.map(\.whole)))
    var lines = [
      "\(polygons) polygons, \(rounds) rounds, \(ProcessInfo.processInfo.processorCount) processors; medians", "",
      "| way | s | rows/s | Weir's load is | Weir's whole update is |", "|---|---|---|---|---|",
    ]
    func row(_ name: String, _ seconds: Double, _ ratios: [String]) {
      lines.append("| \(name) | \(text(seconds)) | \(Int(Double(polygons) / seconds)) | \(ratios.joined(separator: " | ")) |")
    }
    row("Weir, the load: read, mended, binary COPY", load, ["", ""])
    row("Weir, all of etl_process: load, key, index, checks, comparison, swap", whole, ["", ""])
    for way in OgrWay.allCases {
      let seconds = median(rivals[way] ?? [])
      row(way.name, seconds, ["\(text(seconds / load)) times as fast", "\(text(seconds / whole)) times as fast"])
    }
    let copy = median(rivals[.copy] ?? [])
    return
      (lines + [
        "", "Weir's load / ogr2ogr with COPY = \(text(copy / load)), the aim is 2",
        "Most memory of the runner: \(trials.map(\.memoryMiB).max() ?? 0) MiB",
        "Longest read while versions were swapped: \(text(trials.map(\.longestRead).max() ?? 0)) s, the aim is under 0.5",
      ]).joined(separator: "\n")
  }

  private func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
  private func text(_ value: Double) -> String { String(format: "%.2f", value) }
}

/// What one update took.
struct LoadTrial {
  /// Seconds of the COPY, and of the stage around it.
  var load, whole: Double
  var memoryMiB: Int
  /// Seconds that the slowest of the readers' reads took meanwhile.
  var longestRead: Double
}

/// How ogr2ogr is asked.
enum OgrWay: CaseIterable {
  case copy, copyWithIndex, copyMended

  var name: String {
    switch self {
    case .copy: "ogr2ogr, PG_USE_COPY"
    case .copyWithIndex: "the same with an index"
    case .copyMended: "the same with an index and -makevalid"
    }
  }

  var options: [String] {
    let index = ["-lco", "SPATIAL_INDEX=\(self == .copy ? "NONE" : "GIST")"]
    return self == .copyMended ? index + ["-makevalid"] : index
  }
}
