import ArgumentParser
import Workflow

struct Schedules: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Workflows that start by the clock.",
    subcommands: [List.self, Show.self, Set.self, Remove.self, Pause.self, Resume.self, Backfill.self, CancelBackfill.self],
    defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List all schedules.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      let answer = try host.client.get("/api/schedules")
      if json { return Terminal.print(answer.serialized()) }
      for schedule in answer["schedules"]?.arrayValue ?? [] { Terminal.print(Schedules.line(schedule)) }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show when a schedule fires next, and what became of the last times.")

    @Argument(help: "The schedule's name.") var name: String
    @Option(help: "How many times to fire.") var count = 20
    @OptionGroup var host: HostOptions

    func run() async throws {
      let path = "/api/schedules/\(HostClient.encoded(name))"
      Terminal.print(Schedules.line(try host.client.get(path)))
      for fire in (try host.client.get("\(path)/fires?limit=10")["fires"]?.arrayValue ?? []).reversed() {
        Terminal.print(Schedules.text(of: fire))
      }
      let preview = try host.client.get("\(path)/preview?count=\(count)")
      for fire in preview["skipped"]?.arrayValue ?? [] { Terminal.print(Schedules.text(of: fire) + "  skipped by the pause") }
      for fire in preview["next"]?.arrayValue ?? [] { Terminal.print(Schedules.text(of: fire)) }
      for backfill in try host.client.get("\(path)/backfills")["backfills"]?.arrayValue ?? [] {
        Terminal.print(Schedules.text(ofBackfill: backfill))
      }
    }
  }

  struct Set: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a schedule, or change the one of this name.",
      discussion: "In the texts of --params ${fire.time}, ${fire.local} and ${fire.date} stand for the time to fire.")

    @Argument(help: "The schedule's name.") var name: String
    @Option(help: "The workflow.") var workflow: String
    @Option(help: "Five fields such as \"0 2 * * *\", or @daily and the like.") var cron: String
    @Option(help: "The time zone, such as Europe/Zurich; else UTC.") var zone: String?
    @Option(help: "The workflow's parameters, as JSON.") var params: String?
    @Option(help: "What becomes of a time that the clock skips: run_after or skip.") var gap: String?
    @Option(name: .customLong("repeat"), help: "Of a time that the clock shows twice: first or both.") var repeats: String?
    @Option(help: "Of times at which no host was there: none, last or all.") var missed: String?
    @Option(help: "How many of them at most, with --missed all.") var missedCap: Int?
    @Option(help: "While a job of it runs: skip, buffer_one, allow or cancel_old.") var overlap: String?
    @Option(help: "Each begins up to so much later, such as 5m.") var jitter: String?
    @Option(help: "What goes first.") var priority: Int?
    @Option(parsing: .singleValue, help: "A word to find its jobs by; may be given again.") var label: [String] = []
    @OptionGroup var host: HostOptions

    func run() async throws {
      var body = JSONObject([("workflow", .string(workflow)), ("cron", .string(cron))])
      for (key, value) in [
        ("zone", zone), ("gap", gap), ("repeat", repeats), ("missed", missed), ("overlap", overlap), ("jitter", jitter),
      ] {
        if let value { body.append(key, .string(value)) }
      }
      for (key, value) in [("missed_cap", missedCap), ("priority", priority)] {
        if let value { body.append(key, JSON(value)) }
      }
      if !label.isEmpty { body.append("labels", .array(label.map(JSON.string))) }
      if let params {
        // the message says what was given
        guard let given = try? JSON(parsing: Array(params.utf8)) else { throw ValidationError("--params is not JSON: \(params)") }
        body.append("params", given)
      }
      let schedule = try host.client.send(
        "PUT", "/api/schedules/\(HostClient.encoded(name))", body: Array(JSON.object(body).serialized().utf8))
      Terminal.print(Schedules.line(schedule))
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove a schedule with its history; its jobs stay.")

    @Argument(help: "The schedule's name.") var name: String
    @OptionGroup var host: HostOptions

    func run() async throws {
      _ = try host.client.send("DELETE", "/api/schedules/\(HostClient.encoded(name))")
      Terminal.print("schedule \(name) removed")
    }
  }

  struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Fire nothing until it is resumed.")

    @Argument(help: "The schedule's name.") var name: String
    @Option(help: "For those who find it paused.") var why: String?
    @OptionGroup var host: HostOptions

    func run() async throws {
      let query = why.map { "?why=\(HostClient.encoded($0))" } ?? ""
      Terminal.print(Schedules.line(try host.client.send("POST", "/api/schedules/\(HostClient.encoded(name))/pause\(query)")))
    }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Fire again; what the pause skipped stays skipped.")

    @Argument(help: "The schedule's name.") var name: String
    @OptionGroup var host: HostOptions

    func run() async throws {
      Terminal.print(Schedules.line(try host.client.send("POST", "/api/schedules/\(HostClient.encoded(name))/resume")))
    }
  }

  struct Backfill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run a stretch of a schedule's past, or say what would run.")

    @Argument(help: "The schedule's name.") var name: String
    @Option(help: "The first time that counts, such as 2026-11-01T00:00:00Z.") var from: String
    @Option(help: "The last one.") var to: String
    @Option(help: "What had a job already: none of it, failed ones, or completed too.") var reprocess = "none"
    @Option(help: "How many of its jobs run at a time.") var concurrency = 1
    @Flag(help: "Only say what would run.") var dryRun = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      let answer = try host.client.send(
        "POST", "/api/schedules/\(HostClient.encoded(name))/backfills",
        [
          ("from", from), ("to", to), ("reprocess", reprocess), ("concurrency", "\(concurrency)"), ("dry_run", dryRun ? "true" : nil),
        ])
      guard dryRun else { return Terminal.print("backfill \(answer["id"]?.stringValue ?? "") of \(name) begins") }
      for fire in answer["fires"]?.arrayValue ?? [] { Terminal.print(Schedules.text(of: fire)) }
    }
  }

  struct CancelBackfill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cancel-backfill", abstract: "Submit nothing more of a backfill; what runs goes on.")

    @Argument(help: "The backfill, as `weir schedules show` numbers it.") var backfill: String
    @OptionGroup var host: HostOptions

    func run() async throws {
      Terminal.print(
        Schedules.text(ofBackfill: try host.client.post("/api/backfills/\(HostClient.encoded(backfill))/cancel")))
    }
  }

  private static func text(ofBackfill backfill: JSON) -> String {
    func text(_ key: String) -> String { backfill[key]?.stringValue ?? "" }
    let counts = ["submitted", "running", "skipped", "failed"].map { "\(backfill[$0]?.intValue ?? 0) \($0)" }.joined(separator: ", ")
    let end =
      backfill["cancelled_by"]?.stringValue.map { "cancelled by \($0)" } ?? backfill["finished_at"]?.stringValue.map { "ended \($0)" }
      ?? "goes on"
    return "  backfill \(text("id"))  \(text("from")) to \(text("to"))  \(counts)  \(end)"
  }

  private static func line(_ schedule: JSON) -> String {
    func text(_ key: String) -> String { schedule[key]?.stringValue ?? "" }
    let when =
      schedule["paused"]?["by"]?.stringValue.map { "paused by \($0)" } ?? schedule["next_at"]?.stringValue.map { "next \($0)" } ?? "never"
    return
      "\(text("name").padded(to: 24)) \(text("cron").padded(to: 16)) \(text("zone").padded(to: 16)) \(text("workflow").padded(to: 24)) \(when)"
  }

  private static let marks = [
    "moved": "the clock is put forward over it", "first": "the clock shows it twice", "second": "the second time",
  ]

  private static func text(of fire: JSON) -> String {
    var parts = ["  \(fire["at"]?.stringValue ?? "")", fire["local"]?.stringValue ?? ""]
    if let outcome = fire["outcome"]?.stringValue { parts.append(outcome + (fire["late"]?.boolValue == true ? " late" : "")) }
    if let job = fire["job_id"]?.stringValue { parts.append("job \(job)") }
    if let mark = fire["mark"]?.stringValue.flatMap({ marks[$0] }) { parts.append("(\(mark))") }
    if let why = fire["why"]?.stringValue { parts.append(why) }
    return parts.joined(separator: "  ")
  }
}
