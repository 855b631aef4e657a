import Engine
import Workflow

/// Which jobs the overview shows cards of, as its URL says it.
struct DashboardFilter: Sendable, Hashable {
  var workflow: String?
  var state: JobState?
  var labels: [String] = []
  /// In the job's number, workflow, labels or error.
  var text: String?

  /// Cards at most: the page stays below 100 kB.
  static let cards = 25

  static let parameters: [Parameter] = [
    .query("workflow", .text(longest: 200), "Of this workflow only."),
    .query("state", .choice(JobState.allCases.map(\.rawValue)), "In this state only."),
    .query("label", .labels, "With all of these labels only."),
    .query("text", .text(longest: 100), "With this text in number, workflow, labels or error."),
  ]

  init() {}

  init(_ call: Call) {
    workflow = call.text("workflow")
    state = call.text("state").flatMap(JobState.init)
    labels = call.labels("label")
    text = call.text("text")
  }

  var isEmpty: Bool { self == DashboardFilter() }

  /// What the engine is asked for; the text is looked for in what it answers.
  var asked: Overview.Filter {
    Overview.Filter(workflow: workflow, state: state, labels: labels, limit: text == nil ? Self.cards : 200)
  }

  var query: String {
    let pairs = [
      ("workflow", workflow), ("state", state?.rawValue), ("label", labels.isEmpty ? nil : labels.joined(separator: ",")), ("text", text),
    ]
    return pairs.compactMap { name, value in value.map { "\(name)=\(HTML.encoded($0))" } }.joined(separator: "&")
  }

  func matches(_ card: JobCard) -> Bool {
    guard let text = text?.lowercased() else { return true }
    return (["#\(card.id)", card.workflow, card.error ?? "", card.waitingReason?.text ?? ""] + card.labels)
      .contains { $0.lowercased().contains(text) }
  }
}
