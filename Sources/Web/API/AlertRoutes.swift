import Engine
import Workflow

/// What needed attention, and what webhooks were told of it.
struct AlertRoutes: Sendable {
  let alerts: Alerts

  private static let after = Parameter.query("after", .cursor, "`next` of the page before.")
  private static let limit = Parameter.query("limit", .integer(1...500, fallback: 50), "At most so many.")

  var routes: [Route] { [list, deliveries] }

  private var list: Route {
    .get(
      "/api/alerts", id: "listAlerts", "What needs attention, the latest first; also what is over, with `which`.",
      parameters: [
        .query("which", .choice(["open", "all"]), "`open`, which is the default: those whose cause lasts."), Self.after, Self.limit,
      ], schema: "AlertPage"
    ) { call in
      let page = try alerts.list(
        openOnly: call.text("which") != "all", after: call.text("after").flatMap { Int64($0) }, limit: call.limit(Self.limit))
      return .page("alerts", page.elements.map(\.json), next: page.next)
    }
  }

  private var deliveries: Route {
    .get(
      "/api/alerts/deliveries", id: "listAlertDeliveries", "What webhooks were told, or are to be told, the latest first.",
      parameters: [
        .query("webhook", .text(longest: 64), "Of this webhook only."),
        .query("state", .choice(AlertDelivery.State.allCases.map(\.rawValue)), "In this state only."), Self.after, Self.limit,
      ], schema: "AlertDeliveryPage"
    ) { call in
      let page = try alerts.deliveries(
        webhook: call.text("webhook"), state: call.text("state").flatMap { AlertDelivery.State(rawValue: $0) },
        after: call.text("after").flatMap { Int64($0) }, limit: call.limit(Self.limit))
      return .page("deliveries", page.elements.map(\.json), next: page.next)
    }
  }
}
