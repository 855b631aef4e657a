import Engine
import Workflow

/// The schemas of the document that tell of triggers.
enum TriggerSchemas {
  private static let on: JSON = Shape.object(
    [:],
    optional: [
      "objects": Shape.object(
        ["container": Shape.string],
        optional: [
          "prefix": Shape.string, "suffix": Shape.string, "dedup": Shape.choice(ObjectSource.Dedup.allCases.map(\.rawValue)),
          "every": Shape.string, "batch": Shape.count,
        ], isClosed: true), "dataset": Shape.object(["id": Shape.string], isClosed: true),
      "job": Shape.object(["workflow": Shape.string], optional: ["states": Shape.list(Shape.string)], isClosed: true),
      "webhook": Shape.object(["credential": Shape.string], isClosed: true),
    ], isClosed: true)

  static let all: [(String, JSON)] = [
    (
      "TriggerSettings",
      Shape.object(
        ["workflow": Shape.string, "on": on],
        optional: ["params": Shape.object, "priority": Shape.integer, "labels": Shape.list(Shape.string)], isClosed: true)
    ),
    (
      "Trigger",
      Shape.object([
        "name": Shape.string, "workflow": Shape.string, "params": Shape.object, "on": on, "priority": Shape.integer,
        "labels": Shape.list(Shape.string), "generation": Shape.count, "changed_at": Shape.time, "changed_by": Shape.string,
        "paused": Schemas.orNull(Schemas.reference("Pause")), "looked_at": Shape.timeOrNull, "error": Shape.nullable("string"),
      ])
    ),
    ("TriggerList", Shape.object(["triggers": Shape.list(Schemas.reference("Trigger"))])),
    (
      "TriggerEvent",
      Shape.object([
        "subject": Shape.string, "happened_at": Shape.time, "outcome": Shape.choice(["submitted", "skipped", "failed"]),
        "why": Shape.nullable("string"), "job_id": Shape.nullable("string"), "decided_at": Shape.time,
      ])
    ),
    ("TriggerEventPage", Shape.page("events", Schemas.reference("TriggerEvent"))),
    ("Fired", Shape.object(["job_id": Shape.nullable("string"), "created": Shape.boolean])),
  ]
}
