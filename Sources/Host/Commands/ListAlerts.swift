import ArgumentParser
import Workflow

struct ListAlerts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts", abstract: "List what needs attention, or what webhooks were told of it.")

  @Flag(help: "Also what is over.") var all = false
  @Flag(help: "What webhooks were told, or are to be told.") var deliveries = false
  @Option(help: "With --deliveries: of this webhook only.") var webhook: String?
  @Option(help: "With --deliveries: in this state only: waiting, delivered, given_up.") var state: String?
  @Option(help: "At most so many.") var limit = 50
  @Flag(help: "Print JSON, one a line.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let what = deliveries ? "deliveries" : "alerts"
    let query = deliveries ? [("webhook", webhook), ("state", state)] : [("which", all ? "all" : nil)]
    var (after, rest): (String?, Int) = (nil, limit)
    repeat {
      let page = try host.client.get(
        deliveries ? "/api/alerts/deliveries" : "/api/alerts", query + [("after", after), ("limit", "\(min(rest, 500))")])
      let found = page[what]?.arrayValue ?? []
      for one in found { Terminal.print(json ? one.serialized() : deliveries ? text(ofDelivery: one) : text(of: one)) }
      rest -= found.count
      after = page["next"]?.stringValue
    } while after != nil && rest > 0
  }

  private func text(of alert: JSON) -> String {
    func text(_ key: String) -> String { alert[key]?.stringValue ?? "" }
    let end = alert["cleared_at"]?.stringValue.map { "until \($0)" } ?? "still"
    return "\(text("raised_at")) \(end.padded(to: 30)) \(text("text"))\n  \(text("hint"))"
  }

  private func text(ofDelivery delivery: JSON) -> String {
    func text(_ key: String) -> String { delivery[key]?.stringValue ?? "" }
    let tries = delivery["tries"]?.intValue ?? 0
    var parts = [
      text("created_at"), text("webhook").padded(to: 16), text("event").padded(to: 8), text("state").padded(to: 10),
      "\(tries) \(tries == 1 ? "try" : "tries")", "\(text("kind")) \(text("subject"))",
    ]
    if let next = delivery["next_at"]?.stringValue { parts.append("next \(next)") }
    if let error = delivery["error"]?.stringValue { parts.append(error) }
    return parts.joined(separator: "  ")
  }
}
