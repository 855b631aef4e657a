import Engine
import Workflow

/// Who changed what.
struct AuditRoutes: Sendable {
  let audit: Audit

  private static let limit = Parameter.query("limit", .integer(1...500, fallback: 50), "At most so many.")

  var routes: [Route] { [list] }

  private var list: Route {
    .get(
      "/api/audit", id: "listAudit", "Who changed what, when and by which way, newest first.", access: .operator,
      parameters: [
        .query("actor", .text(longest: 200), "By this token, user or rule only."),
        .query("action", .text(longest: 200), "Of this kind only, such as job.cancel."),
        .query("subject", .text(longest: 400), "Of this subject only, such as job/42."),
        .query("via", .choice(Actor.Via.allCases.map(\.rawValue)), "By this way only."),
        .query("since", .time, "At this time or later."), .query("until", .time, "Before this time."),
        .query("after", .cursor, "`next` of the page before."), Self.limit,
      ], schema: "AuditPage"
    ) { call in
      let page = try audit.entries(
        Audit.Filter(
          actor: call.text("actor"), action: call.text("action"), subject: call.text("subject"),
          via: call.text("via").flatMap(Actor.Via.init), since: call.text("since").flatMap(RFC3339.seconds),
          until: call.text("until").flatMap(RFC3339.seconds), after: call.text("after").flatMap { Int64($0) },
          limit: call.limit(Self.limit)))
      return .page("changes", page.elements.map(\.json), next: page.next)
    }
  }
}
