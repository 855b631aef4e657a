import ArgumentParser
import Workflow

struct ListAudit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "audit", abstract: "List who changed what, newest first.")

  @Option(help: "By this token, user or rule only.") var actor: String?
  @Option(help: "Of this kind only, such as job.cancel.") var action: String?
  @Option(help: "Of this subject only, such as job/42.") var subject: String?
  @Option(help: "By this way only: cli, api, page, system.") var via: String?
  @Option(help: "RFC 3339; at that time or later.") var since: String?
  @Option(help: "RFC 3339; before that time.") var until: String?
  @Option(help: "At most so many.") var limit = 50
  @Flag(help: "Print JSON, one change a line.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let client = host.client
    var (after, rest): (String?, Int) = (nil, limit)
    repeat {
      let page = try client.get(
        "/api/audit",
        [
          ("actor", actor), ("action", action), ("subject", subject), ("via", via), ("since", since), ("until", until), ("after", after),
          ("limit", "\(min(rest, 500))"),
        ])
      let changes = page["changes"]?.arrayValue ?? []
      for change in changes { Terminal.print(json ? change.serialized() : text(of: change)) }
      rest -= changes.count
      after = page["next"]?.stringValue
    } while after != nil && rest > 0
  }

  private func text(of change: JSON) -> String {
    func text(_ name: String) -> String { change[name]?.stringValue ?? "" }
    let details = change["details"]?.objectValue?.members.filter { !$0.value.isNull }.map {
      " \($0.key)=\($0.value.stringValue ?? $0.value.serialized())"
    }
    return "\(text("at")) \("\(text("actor")) (\(text("role")))".padded(to: 28)) \(text("via").padded(to: 6)) "
      + "\(text("action").padded(to: 20)) \(text("subject"))\((details ?? []).joined())"
  }
}
