import Engine
import Workflow

// Of what the metrics routes answer with.
extension Schemas {
  static let metrics: [(String, JSON)] = [
    (
      "Overview",
      Shape.object([
        "tiles": reference("Tiles"), "jobs": Shape.list(reference("JobCard")), "cut": Shape.boolean,
        "failures": Shape.list(reference("FailureGroup")), "attention": Shape.list(reference("Attention")),
        "sampled_at": Shape.timeOrNull, "throughput": Shape.list(Shape.number), "now": Shape.time,
      ])
    ),
    (
      "Tiles",
      Shape.object([
        "running_jobs": Shape.count, "queued_jobs": Shape.count, "paused_jobs": Shape.count, "running_tasks": Shape.count,
        "queued_tasks": Shape.count, "retrying_tasks": Shape.count, "failed_tasks": Shape.count, "tasks_per_second": Shape.number,
        "hosts": Shape.count, "slots": Shape.count, "needs_attention": Shape.count,
      ])
    ),
    (
      "JobCard",
      Shape.object([
        "id": Shape.string, "workflow": Shape.string, "workflow_version": Shape.count, "labels": Shape.list(Shape.string),
        "priority": Shape.integer, "state": Shape.choice(JobState.allCases.map(\.rawValue)), "cancelling": Shape.boolean,
        "waiting_reason": orNull(reference("WaitingReason")), "created_at": Shape.time, "started_at": Shape.timeOrNull,
        "finished_at": Shape.timeOrNull, "error": Shape.nullable("string"), "tasks": reference("TaskCounts"), "progress": share,
        "rate": Shape.nullable("number"), "sparkline": Shape.list(Shape.number), "eta": reference("ETA"),
        "domain": Shape.list(reference("DomainFigure")), "stages": Shape.list(reference("StageBar")),
      ])
    ),
    (
      "StageBar",
      Shape.object([
        "id": Shape.string, "handler": Shape.string, "state": Shape.choice(StageState.allCases.map(\.rawValue)),
        "tasks": reference("TaskCounts"), "progress": share, "weight": share, "rate": Shape.nullable("number"), "eta": reference("ETA"),
        "waiting_reason": orNull(reference("WaitingReason")), "items": Shape.count, "rejects": Shape.count,
        "reason": Shape.nullable("string"), "opened_at": Shape.timeOrNull, "finished_at": Shape.timeOrNull,
      ])
    ),
    (
      "ETA",
      Shape.object(
        ["state": Shape.choice(ETA.codes), "text": Shape.string],
        optional: ["low_s": Shape.number, "high_s": Shape.number, "waiting_reason": reference("WaitingReason")])
    ),
    (
      "DomainFigure",
      Shape.object([
        "plugin": Shape.string, "name": Shape.string, "label": Shape.string, "unit": Shape.nullable("string"), "value": Shape.number,
        "exact": Shape.nullable("string"), "total": Shape.nullable("number"), "rate": Shape.nullable("number"),
      ])
    ),
    (
      "Attention",
      Shape.object([
        "kind": Shape.choice(Attention.Kind.allCases.map(\.rawValue)), "title": Shape.string, "subject": Shape.string,
        "text": Shape.string, "hint": Shape.string, "job_id": Shape.nullable("string"), "since": Shape.timeOrNull,
      ])
    ),
    (
      "MetricPoint",
      Shape.object([
        "at": Shape.time, "tasks": reference("TaskCounts"), "rate": Shape.nullable("number"), "items": Shape.count,
        "rejects": Shape.count, "domain": Shape.object,
      ])
    ),
    ("JobSeries", Shape.object(["job_id": Shape.string, "points": Shape.list(reference("MetricPoint"))])),
    (
      "QueueLine",
      Shape.object([
        "job_id": Shape.string, "workflow": Shape.string, "stage": Shape.string, "handler": Shape.string, "priority": Shape.integer,
        "queued": Shape.count, "retrying": Shape.count, "running": Shape.count, "due_since": Shape.timeOrNull,
        "waiting_reason": orNull(reference("WaitingReason")),
      ])
    ),
    ("QueueLineList", Shape.object(["stages": Shape.list(reference("QueueLine"))])),
    (
      "Calibration",
      Shape.object([
        "predictions": Shape.count, "within": Shape.count, "too_early": Shape.count, "too_late": Shape.count,
        "share": ["type": ["number", "null"], "minimum": 0, "maximum": 1],
      ])
    ),
  ]

  private static let share: JSON = ["type": "number", "minimum": 0, "maximum": 1]
}
