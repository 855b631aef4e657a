import Foundation

/// The results as a person reads and quotes them.
struct Table {
  let results: Results
  let sizes: [Int]
  let emitted: Int
  let place: Place

  private static let peers = ["procrastinate", "dbos", "pgqueuer"]

  var text: String { ([place.text, ""] + own + [""] + beside + [""] + remarks).joined(separator: "\n") }

  private var large: String { "fan-out \(sizes.last ?? 0)" }
  private var small: String { "fan-out \(sizes.first ?? 0)" }

  private var own: [String] {
    var rows = ["| Weir, \(BenchHost.slots) runners; median (least-most) | figure | aim |", "|---|---|---|"]
    for size in sizes {
      rows.append("| 1 -> \(size) -> 1, tasks/s over the whole job | \(results.spread("fan-out \(size)", "tasks_per_s")) | |")
    }
    for size in sizes {
      let work = "fan-out \(size)"
      let parts = ["host", "runners", "postgres"].map { "\($0) \((results.median(work, "\($0)_cpu_ms_per_task") ?? 0).text(4))" }
      rows.append(
        "| CPU ms a task of \(size): \(parts.joined(separator: ", ")) | \(results.spread(work, "cpu_ms_per_task", decimals: 4)) | 0.05 |")
    }
    for size in sizes {
      rows.append("| tasks/s of the \(size), first claim to last completion | \(results.spread("fan-out \(size)", "work_tasks_per_s")) | |")
    }
    let flatness = ratio(results.median(large, "cpu_ms_per_task"), results.median(small, "cpu_ms_per_task"))
    rows.append("| CPU a task of \(sizes.last ?? 0) / of \(sizes.first ?? 0) | \(flatness) | 0.8-1.2 |")
    rows.append("| warm runner round trip, µs | \(results.spread("round-trip", "us")) | |")
    rows.append("| tasks/s through the runners alone, no database | \(results.spread("round-trip", "piped_tasks_per_s")) | |")
    rows.append("| a hung handler is dead so long after its grace period, ms | \(results.spread("kill", "late_ms", decimals: 1)) | 100 |")
    rows.append("| and its slot works again after, ms | \(results.spread("kill", "again_ms", decimals: 1)) | |")
    rows.append("| chain of five, submit to done, ms | \(results.spread("chain", "ms", decimals: 1)) | 10 |")
    rows.append("| chain of five, created_at to finished_at, ms | \(results.spread("chain", "ms_recorded", decimals: 1)) | |")
    rows.append("| 1 -> 1000 -> 1, submit to done, s | \(results.spread("narrow", "seconds", decimals: 3)) | 0.1 |")
    rows.append("| peak memory of the host, \(sizes.last ?? 0) tasks, MiB | \(results.spread(large, "host_peak_mib")) | 200 |")
    rows.append("| the same, one task emitting \(emitted) items of 1 KB | \(results.spread("emit", "host_peak_mib")) | 200 |")
    rows.append("| longest transaction meanwhile, s | \(results.spread("emit", "longest_transaction_s", decimals: 2)) | 1 |")
    for (peer, aim) in [("pypgstac upsert", "1.7"), ("raw jsonb COPY", "0.65")] {
      let work = "registration weir / \(peer)"
      rows.append("| items registered a second / \(peer) | \(results.spread(work, "value", decimals: 2)) | \(aim) |")
    }
    let inside = ratio(results.median("registration weir", "value"), results.median("pypgstac", "items_per_s"))
    rows.append("| the same / pypgstac upsert by a clock inside its process | \(inside) | 1.7 |")
    return rows
  }

  private var beside: [String] {
    guard results.count("pgqueuer fan-out") > 0 else { return ["Peers were not measured."] }
    var rows = [
      "| beside Weir, same server, same run | tasks/s | Weir is | CPU ms a task | Weir is | chain of five, ms | Weir is | 1 -> 1000 -> 1, s | Weir is |",
      "|---|---|---|---|---|---|---|---|---|",
    ]
    for peer in Self.peers {
      let (fan, chain, narrow) = ("\(peer) fan-out", "\(peer) chain", "\(peer) fan-out-and-in")
      let faster = ratio(results.median(small, "work_tasks_per_s"), results.median(fan, "tasks_per_s"))
      let cheaper = ratio(results.median(fan, "cpu_ms_per_task"), results.median(small, "cpu_ms_per_task"))
      let sooner = ratio(results.median(chain, "ms"), results.median("chain", "ms"))
      let joined = ratio(results.median(narrow, "seconds"), results.median("narrow", "seconds"))
      let cells = [
        peer, results.spread(fan, "tasks_per_s"), "\(faster) times", results.spread(fan, "cpu_ms_per_task", decimals: 3),
        "\(cheaper) times cheaper", results.spread(chain, "ms", decimals: 1), "\(sooner) times",
        results.spread(narrow, "seconds", decimals: 1),
        "\(joined) times",
      ]
      rows.append("| \(cells.joined(separator: " | ")) |")
    }
    return rows
  }

  private var remarks: [String] {
    let foreign = [large, small, "chain"].compactMap { results.median($0, "foreign") }.max() ?? 0
    return [
      "Beside Weir: \(sizes.first ?? 0) tasks for all, from the first task's start until none is left; two runners or processes; CPU of both sides and the whole server.",
      "The machine may be shared: others used up to \((foreign * 100).text(0)) % of its processors during Weir's runs (median); CPU ms is the steadier figure.",
    ]
  }

  private func ratio(_ one: Double?, _ other: Double?) -> String {
    guard let one, let other, other > 0 else { return "-" }
    return (one / other).text(one / other < 10 ? 2 : 0)
  }
}

extension Double {
  func text(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}
