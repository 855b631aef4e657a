import ArgumentParser
import Glibc
import Workflow

struct Top: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show all jobs live: how far, how fast, how long still, what fails, and what needs attention.",
    discussion: "In a terminal it is drawn anew every second, until it is interrupted; elsewhere it is printed once.")

  @Option(help: "Jobs of this workflow only.") var workflow: String?
  @Option(help: "In this state only: queued, running, completed, ...") var state: String?
  @Option(help: "With this label only; again for more.") var label: [String] = []
  @Option(help: "Jobs at most.") var limit = 20
  @Flag(help: "Print once, and leave.") var once = false
  @Flag(help: "Print JSON, once.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let query: [(String, String?)] = [
      ("workflow", workflow), ("state", state), ("label", label.isEmpty ? nil : label.joined(separator: ",")), ("limit", "\(limit)"),
    ]
    let client = host.client
    var terminal = Terminal()
    var last: JSON?
    while true {
      do {
        let overview = try client.get("/api/metrics/overview", query)
        if json { return Terminal.print(overview.serialized()) }
        let lines = OverviewLines(overview: overview, width: Terminal.width).lines
        if once || !Terminal.isTerminal {
          for line in lines { Terminal.print(line) }
          return
        }
        terminal.draw(lines)
        last = overview
      } catch let failure as Failure where failure.mayPass && last != nil {
        // whoever looks on while a host is started anew need not begin again
        let lines = OverviewLines(overview: last ?? .null, width: Terminal.width).lines
        terminal.draw(["\(failure.message): trying again. Until then, what was:"] + lines)
      }
      sleep(1)
    }
  }
}
