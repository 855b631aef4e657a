import Glibc
import Workflow

/// Follows a job until it ends, with a bar for each stage when stdout is a terminal.
struct JobWatch {
  let client: HostClient
  let job: String
  /// Prints nothing.
  var isQuiet = false
  /// Says at the end where to read on.
  var namesMore = true

  private static let interval: Duration = .milliseconds(200)
  /// How long a host may be away, as when it is started anew.
  private static let patience: Duration = .seconds(30)

  /// Answers the job as it ended. Blocks.
  func wait() throws -> JSON {
    var terminal = Terminal()
    var rates = StageRates()
    var printed = ""
    var told = Told()
    while true {
      let view = try look()
      rates.take(view)
      let lines = JobLines(job: view, rates: rates.perSecond, room: Terminal.width)
      if !isQuiet {
        if Terminal.isTerminal { terminal.draw(lines.lines + (lines.isFinal ? [] : told.lines(of: job, client))) }
        // without a terminal, a line for each change of state is what a log wants
        if !Terminal.isTerminal, printed != lines.summary {
          printed = lines.summary
          Terminal.print(printed)
        }
      }
      if lines.isFinal {
        if !isQuiet { try report(view) }
        return view
      }
      usleep(UInt32(Self.interval / .microseconds(1)))
    }
  }

  /// The job as it is now; waits for a host that is away for a moment.
  private func look() throws -> JSON {
    let limit = ContinuousClock.now + Self.patience
    while true {
      do {
        return try client.get("/api/jobs/\(job)")
      } catch let failure as Failure where failure.mayPass && ContinuousClock.now < limit {
        usleep(UInt32(Self.interval / .microseconds(1)))
      }
    }
  }

  private func report(_ view: JSON) throws {
    let failures = try client.get("/api/jobs/\(job)/failures")
    if !Terminal.isTerminal { for line in JobLines(job: view).lines { Terminal.print(line) } }
    for line in JobReport(job: view, failures: failures).lines { Terminal.print(line) }
    if namesMore { Terminal.print("More: `weir job \(job)`, `weir logs \(job)`, or \(client.url)/api/jobs/\(job)") }
  }
}

/// What is told of the whole job, asked for more seldom than its counters.
private struct Told {
  private static let interval: Duration = .seconds(1)

  private var asked: ContinuousClock.Instant?
  private var lines: [String] = []

  /// How far, how fast and how long still; then its domain's metrics and what fails most. Nothing where the host does not say it.
  mutating func lines(of job: String, _ client: HostClient) -> [String] {
    if let asked, ContinuousClock.now - asked < Self.interval { return lines }
    asked = .now
    // a host that is away for a moment, or older, tells nothing: the counters above are shown all the same
    guard let card = try? client.get("/api/jobs/\(job)/progress") else { return lines }
    let whole = CardLines(card: card)
    lines = (Cells.lines(whole.parts, between: "  ", width: (Terminal.width ?? .max) - 2, indent: "") + whole.domain).map { "  " + $0 }
    // as above
    if (card["tasks"]?["failed"]?.intValue ?? 0) > 0, let failures = try? client.get("/api/jobs/\(job)/failures") {
      lines += (failures["groups"]?.arrayValue ?? []).prefix(3).map { group in
        "  ! \(Quantity.text(group["attempts"]?.intValue ?? 0)) × \(group["text"]?.stringValue ?? "")"
      }
    }
    return lines
  }
}

/// Tasks a second of each stage, over the last few looks.
struct StageRates {
  private struct Look {
    var at: ContinuousClock.Instant
    var ended: Int
  }

  private var looks: [String: [Look]] = [:]

  /// Stages whose tasks are ending.
  var perSecond: [String: Double] {
    looks.compactMapValues { looks in
      guard let first = looks.first, let last = looks.last, last.ended > first.ended else { return nil }
      return Double(last.ended - first.ended) / ((last.at - first.at) / .seconds(1))
    }
  }

  mutating func take(_ job: JSON) {
    let now = ContinuousClock.now
    for stage in job["stages"]?.arrayValue ?? [] {
      guard let id = stage["id"]?.stringValue else { continue }
      guard stage["state"]?.stringValue == StageState.running.rawValue else {
        looks[id] = nil
        continue
      }
      let ended = (stage["tasks"]?["completed"]?.intValue ?? 0) + (stage["tasks"]?["failed"]?.intValue ?? 0)
      looks[id, default: []].append(Look(at: now, ended: ended))
      if looks[id, default: []].count > 25 { looks[id]?.removeFirst() }
    }
  }
}
