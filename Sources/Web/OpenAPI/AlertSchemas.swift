import Engine
import Workflow

/// The schemas of the document that tell of alerts.
enum AlertSchemas {
  static let all: [(String, JSON)] = [
    (
      "Alert",
      Shape.object([
        "id": Shape.string, "kind": Shape.choice(Attention.Kind.allCases.map(\.rawValue)), "title": Shape.string, "subject": Shape.string,
        "text": Shape.string, "hint": Shape.string, "job_id": Shape.nullable("string"), "since": Shape.timeOrNull,
        "raised_at": Shape.time, "cleared_at": Shape.timeOrNull,
      ])
    ),
    ("AlertPage", Shape.page("alerts", Schemas.reference("Alert"))),
    (
      "AlertDelivery",
      Shape.object([
        "id": Shape.string, "alert_id": Shape.string, "webhook": Shape.string,
        "event": Shape.choice(AlertDelivery.Event.allCases.map(\.rawValue)), "kind": Shape.string, "subject": Shape.string,
        "state": Shape.choice(AlertDelivery.State.allCases.map(\.rawValue)), "tries": Shape.count, "status": Shape.nullable("integer"),
        "error": Shape.nullable("string"), "created_at": Shape.time, "next_at": Shape.timeOrNull, "ended_at": Shape.timeOrNull,
      ])
    ),
    ("AlertDeliveryPage", Shape.page("deliveries", Schemas.reference("AlertDelivery"))),
  ]
}
