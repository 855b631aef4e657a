import Engine
import Workflow

/// The schemas of the document, by name.
enum Schemas {
  static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

  static func orNull(_ schema: JSON) -> JSON { ["anyOf": [["type": "null"], schema]] }

  static let all: JSONObject = JSONObject(
    (jobs + tasks + catalog + provenance + host + access + metrics + AlertSchemas.all + TriggerSchemas.all + DatasetSchemas.all
      + StyleSchemas.all).map { (key: $0.0, value: $0.1) })

  private static let jobs: [(String, JSON)] = [
    (
      "Submitted",
      Shape.object([
        "job_id": Shape.string, "created": Shape.boolean, "state": Shape.choice(JobState.allCases.map(\.rawValue)), "url": Shape.string,
      ])
    ),
    (
      "Job",
      Shape.object([
        "id": Shape.string, "workflow": Shape.string, "workflow_version": Shape.count,
        "state": Shape.choice(JobState.allCases.map(\.rawValue)), "cancelling": Shape.boolean, "params": Shape.object,
        "dedup_key": Shape.nullable("string"), "labels": Shape.list(Shape.string), "priority": Shape.integer, "created_at": Shape.time,
        "not_before": Shape.timeOrNull, "started_at": Shape.timeOrNull, "finished_at": Shape.timeOrNull,
        "deadline_at": Shape.timeOrNull, "error": Shape.nullable("string"),
        "origin": orNull(Shape.object(["job_id": Shape.string, "stage": Shape.nullable("string")])), "paused": orNull(reference("Pause")),
        "waiting_reason": orNull(reference("WaitingReason")), "stages": Shape.list(reference("Stage")),
      ])
    ),
    (
      "Stage",
      Shape.object([
        "id": Shape.string, "handler": Shape.string, "state": Shape.choice(StageState.allCases.map(\.rawValue)),
        "tasks": reference("TaskCounts"), "items": Shape.count, "rejects": Shape.count, "failed_items": Shape.count, "result": Shape.any,
        "totals": Shape.object, "metrics": Shape.object, "reason": Shape.nullable("string"), "opened_at": Shape.timeOrNull,
        "finished_at": Shape.timeOrNull, "paused": orNull(reference("Pause")), "reused_from": Shape.nullable("string"),
        "waiting_reason": orNull(reference("WaitingReason")),
      ])
    ),
    (
      "Retried",
      Shape.object([
        "job_id": Shape.string, "tasks": Shape.count, "stages": Shape.list(Shape.string), "put_back": Shape.list(Shape.string),
      ])
    ),
    ("Pause", Shape.object(["at": Shape.time, "by": Shape.string, "why": Shape.nullable("string")])),
    ("WaitingReason", Shape.object(["code": Shape.choice(WaitingReason.codes), "text": Shape.string])),
    (
      "TaskCounts",
      Shape.object([
        "total": Shape.count, "queued": Shape.count, "running": Shape.count, "retrying": Shape.count, "completed": Shape.count,
        "failed": Shape.count, "cancelled": Shape.count,
      ])
    ),
    ("JobPage", Shape.page("jobs", reference("Job"))), ("StageList", Shape.object(["stages": Shape.list(reference("Stage"))])),
    (
      "Failures",
      Shape.object([
        "rejects": Shape.list(Shape.object(["stage": Shape.string])), "failed_tasks": Shape.list(reference("FailedTask")),
        "cut": Shape.boolean, "groups": Shape.list(reference("FailureGroup")),
      ])
    ),
    (
      "FailureGroup",
      Shape.object([
        "fingerprint": Shape.string, "outcome": Shape.string, "text": Shape.string, "message": Shape.string, "task": Shape.string,
        "workflow": Shape.string, "stage": Shape.string, "jobs": Shape.count, "attempts": Shape.count, "tasks": Shape.count,
        "failed": Shape.count, "first_at": Shape.time, "last_at": Shape.time,
      ])
    ),
    ("FailureGroupList", Shape.object(["groups": Shape.list(reference("FailureGroup"))])),
    (
      "QuarantineList",
      Shape.object([
        "quarantines": Shape.list(
          Shape.object([
            "library_hash": Shape.string, "plugin": Shape.string, "version": Shape.nullable("string"), "handler": Shape.string,
            "tasks": Shape.count, "message": Shape.nullable("string"), "since": Shape.time,
          ]))
      ])
    ),
    ("Released", Shape.object(["library_hash": Shape.string])),
    ("FailedTask", task([("items", orNull(reference("MissingItems")))])),
    ("MissingItems", Shape.object(["first": Shape.count, "count": Shape.count, "values": Shape.list(Shape.any)])),
  ]

  /// A task as it is shown, with more members where more is said of it.
  private static func task(_ more: [(String, JSON)]) -> JSON {
    let members: KeyValuePairs<String, JSON> = [
      "id": Shape.string, "stage": Shape.string, "n": Shape.count, "state": Shape.choice(TaskState.allCases.map(\.rawValue)),
      "attempts": Shape.count, "outcome": Shape.nullable("string"), "message": Shape.nullable("string"),
      "fingerprint": Shape.nullable("string"), "details": Shape.any,
      "result": Shape.any, "host": Shape.nullable("string"), "due_at": Shape.timeOrNull, "started_at": Shape.timeOrNull,
      "finished_at": Shape.timeOrNull, "wall_us": Shape.nullable("integer"), "cpu_us": Shape.nullable("integer"),
      "peak_rss_kb": Shape.nullable("integer"), "progress": orNull(reference("Progress")),
      "waiting_reason": orNull(reference("WaitingReason")),
    ]
    let all = members.map { ($0.key, $0.value) } + more
    return [
      "type": "object", "required": .array(all.map { .string($0.0) }),
      "properties": .object(JSONObject(all.map { (key: $0.0, value: $0.1) })),
    ]
  }

  private static let tasks: [(String, JSON)] = [
    ("Task", task([])),
    (
      "Progress",
      Shape.object(["done": Shape.count, "total": Shape.count, "note": Shape.nullable("string"), "at": Shape.time])
    ),
    (
      "AttemptList",
      Shape.object([
        "attempts": Shape.list(
          Shape.object([
            "attempt": Shape.count, "outcome": Shape.string, "message": Shape.nullable("string"), "details": Shape.any,
            "fingerprint": Shape.nullable("string"), "host": Shape.nullable("string"), "started_at": Shape.time, "finished_at": Shape.time,
            "wall_us": Shape.nullable("integer"), "cpu_us": Shape.nullable("integer"), "peak_rss_kb": Shape.nullable("integer"),
          ]))
      ])
    ),
    ("TaskPage", Shape.page("tasks", reference("Task"))), ("ItemPage", Shape.page("items", Shape.any)),
    ("RejectPage", Shape.page("rejects", Shape.object)),
    (
      "LogLine",
      Shape.object([
        "id": Shape.string, "stage": Shape.string, "n": Shape.count, "attempt": Shape.count,
        "level": Shape.choice(["debug", "info", "warning", "error"]), "message": Shape.string, "fields": Shape.nullable("object"),
        "at": Shape.time,
      ])
    ),
    ("LogPage", Shape.page("lines", reference("LogLine"))),
  ]

  private static let workflow: KeyValuePairs<String, JSON> = [
    "name": Shape.string, "version": Shape.count, "title": Shape.nullable("string"), "description": Shape.nullable("string"),
    "stages": Shape.list(Shape.string), "created_at": Shape.time, "unavailable": Shape.nullable("string"),
  ]

  private static let catalog: [(String, JSON)] = [
    ("WorkflowList", Shape.object(["workflows": Shape.list(Shape.object(workflow))])),
    (
      "Workflow",
      Shape.object([
        "name": Shape.string, "version": Shape.count, "title": Shape.nullable("string"), "description": Shape.nullable("string"),
        "stages": Shape.list(Shape.string), "created_at": Shape.time, "unavailable": Shape.nullable("string"), "parameters": Shape.object,
        "definition": Shape.object,
      ])
    ),
    (
      "Handler",
      Shape.object([
        "name": Shape.string, "version": Shape.string, "title": Shape.nullable("string"), "description": Shape.nullable("string"),
        "idempotent": Shape.boolean, "pure": Shape.boolean, "params_schema": Shape.any, "result_schema": Shape.any,
        "item_schema": Shape.any, "services": Shape.list(Shape.string), "optional_services": Shape.list(Shape.string),
        "timeout_ms": Shape.nullable("integer"), "memory_mb": Shape.nullable("integer"),
      ])
    ),
    (
      "Plugin",
      Shape.object([
        "id": Shape.string, "version": Shape.string, "library_hash": Shape.string, "handlers": Shape.list(reference("Handler")),
      ])
    ),
    (
      "Validation",
      Shape.object([
        "valid": Shape.boolean,
        "problems": Shape.list(
          Shape.object([
            "path": Shape.string, "message": Shape.string, "hint": Shape.nullable("string"), "line": Shape.nullable("integer"),
            "column": Shape.nullable("integer"),
          ])),
      ])
    ),
    (
      "PluginList",
      Shape.object([
        "plugins": Shape.list(reference("Plugin")),
        "unavailable": Shape.list(
          Shape.object([
            "id": Shape.string, "version": Shape.string, "host": Shape.string, "reason": Shape.string, "handlers": Shape.list(Shape.string),
          ])),
      ])
    ),
  ]

  /// The attempt that wrote something, with what it wrote around it.
  private static func origin(_ before: [(String, JSON)], _ after: [(String, JSON)]) -> JSON {
    let attempt: KeyValuePairs<String, JSON> = [
      "job_id": Shape.string, "task_id": Shape.string, "stage": Shape.string, "n": Shape.count, "attempt": Shape.count,
      "handler": Shape.string, "handler_version": Shape.string, "plugin": Shape.string, "plugin_version": Shape.string,
      "library_hash": Shape.string,
    ]
    let all = before + attempt.map { ($0.key, $0.value) } + after
    return [
      "type": "object", "required": .array(all.map { .string($0.0) }),
      "properties": .object(JSONObject(all.map { (key: $0.0, value: $0.1) })),
    ]
  }

  private static let provenance: [(String, JSON)] = [
    (
      "ItemProvenance",
      origin(
        [("collection", Shape.string), ("item", Shape.string)],
        [
          ("registered_at", Shape.time), ("job_state", Shape.nullable("string")),
          ("assets", Shape.list(Shape.object(["name": Shape.string, "href": Shape.nullable("string")]))),
        ])
    ),
    (
      "RegisteredPage",
      Shape.page("items", origin([("collection", Shape.string), ("item", Shape.string)], [("registered_at", Shape.time)]))
    ),
    (
      "WrittenPage",
      Shape.page(
        "objects",
        origin(
          [("collection", Shape.string), ("container", Shape.string), ("key", Shape.string), ("size", Shape.count)],
          [("written_at", Shape.time)]))
    ),
  ]

  private static let access: [(String, JSON)] = [
    (
      "Change",
      Shape.object([
        "id": Shape.string, "at": Shape.time, "actor": Shape.string, "role": Shape.choice(Role.allCases.map(\.rawValue)),
        "via": Shape.choice(Actor.Via.allCases.map(\.rawValue)), "action": Shape.string, "subject": Shape.string,
        "details": Shape.nullable("object"),
      ])
    ), ("AuditPage", Shape.page("changes", reference("Change"))),
    ("Token", token([:])), ("CreatedToken", token(["token": Shape.string])), ("TokenPage", Shape.page("tokens", reference("Token"))),
    ("TokenRequest", TokenRoutes.request),
    (
      "Session",
      Shape.object([
        "id": Shape.string, "token": Shape.string, "role": Shape.choice(Role.allCases.map(\.rawValue)), "created_at": Shape.time,
        "expires_at": Shape.time,
      ])
    ), ("SessionPage", Shape.page("sessions", reference("Session"))), ("EndedSession", Shape.object(["id": Shape.string])),
    ("LoginForm", Shape.object(["token": Shape.string], optional: ["next": Shape.string])),
  ]

  private static func token(_ more: KeyValuePairs<String, JSON>) -> JSON {
    let members: KeyValuePairs<String, JSON> = [
      "name": Shape.string, "role": Shape.choice(Role.allCases.map(\.rawValue)),
      "state": Shape.choice(AccessToken.State.allCases.map(\.rawValue)), "beginning": Shape.string, "created_at": Shape.time,
      "created_by": Shape.string, "expires_at": Shape.timeOrNull, "last_used_at": Shape.timeOrNull, "revoked_at": Shape.timeOrNull,
      "revoked_by": Shape.nullable("string"),
    ]
    let all = members.map { ($0.key, $0.value) } + more.map { ($0.key, $0.value) }
    return [
      "type": "object", "required": .array(all.map { .string($0.0) }),
      "properties": .object(JSONObject(all.map { (key: $0.0, value: $0.1) })),
    ]
  }

  private static let check = Shape.object(["status": Shape.string, "detail": Shape.nullable("string")])

  private static let host: [(String, JSON)] = [
    (
      "Host",
      Shape.object([
        "id": Shape.string, "name": Shape.string, "version": Shape.string, "pid": Shape.count, "slots": Shape.count,
        "state": Shape.choice(["alive", "stopping", "late", "stopped", "lost"]), "running_tasks": Shape.count,
        "handlers": Shape.list(reference("Offer")),
        "started_at": Shape.time, "lease_until": Shape.time,
      ])
    ),
    (
      "Offer",
      Shape.object([
        "name": Shape.string, "version": Shape.string, "plugin": Shape.string, "plugin_version": Shape.string, "library_hash": Shape.string,
      ])
    ),
    (
      "Limit",
      Shape.object([
        "name": Shape.string, "concurrency": Shape.nullable("integer"), "rate": Shape.nullable("string"),
        "burst": Shape.nullable("integer"),
        "origin": Shape.choice(["configuration", "operator"]), "in_use": Shape.count, "available": Shape.nullable("number"),
        "handlers": Shape.list(Shape.object(["name": Shape.string, "weight": Shape.count])), "changed_at": Shape.time,
      ])
    ),
    ("LimitList", Shape.object(["limits": Shape.list(reference("Limit"))])),
    (
      "ScheduleSettings",
      Shape.object(
        ["workflow": Shape.string, "cron": Shape.string],
        optional: [
          "params": Shape.object, "zone": Shape.nullable("string"), "gap": Shape.choice(Timetable.Gap.allCases.map(\.rawValue)),
          "repeat": Shape.choice(Timetable.Repeat.allCases.map(\.rawValue)), "missed": Shape.choice(["none", "last", "all"]),
          "missed_cap": Shape.count, "overlap": Shape.choice(Overlap.allCases.map(\.rawValue)), "jitter": Shape.string,
          "priority": Shape.integer, "labels": Shape.list(Shape.string),
        ], isClosed: true)
    ),
    (
      "Schedule",
      Shape.object(
        [
          "name": Shape.string, "workflow": Shape.string, "params": Shape.object, "cron": Shape.string, "zone": Shape.string,
          "gap": Shape.string, "repeat": Shape.string, "missed": Shape.string, "missed_cap": Shape.count, "overlap": Shape.string,
          "jitter": Shape.string, "priority": Shape.integer, "labels": Shape.list(Shape.string), "generation": Shape.count,
          "changed_at": Shape.time, "changed_by": Shape.string, "paused": orNull(reference("Pause")), "next_at": Shape.timeOrNull,
          "buffered_at": Shape.timeOrNull,
        ], optional: ["dataset": Shape.string])
    ),
    ("ScheduleList", Shape.object(["schedules": Shape.list(reference("Schedule"))])),
    (
      "Fire",
      Shape.object([
        "at": Shape.time, "local": Shape.string, "mark": Shape.nullable("string"), "outcome": Shape.nullable("string"),
        "late": Shape.boolean, "why": Shape.nullable("string"), "job_id": Shape.nullable("string"),
      ])
    ),
    ("FireList", Shape.object(["fires": Shape.list(reference("Fire"))])),
    (
      "Backfill",
      Shape.object([
        "id": Shape.string, "schedule": Shape.string, "from": Shape.time, "to": Shape.time,
        "reprocess": Shape.choice(Reprocess.allCases.map(\.rawValue)), "concurrency": Shape.count, "created_at": Shape.time,
        "created_by": Shape.string, "finished_at": Shape.timeOrNull, "cancelled_by": Shape.nullable("string"), "submitted": Shape.count,
        "skipped": Shape.count, "failed": Shape.count, "running": Shape.count,
      ])
    ),
    ("BackfillList", Shape.object(["backfills": Shape.list(reference("Backfill"))])),
    ("FirePage", Shape.page("fires", reference("Fire"))),
    (
      "Preview", Shape.object(["skipped": Shape.list(reference("Fire")), "next": Shape.list(reference("Fire"))])
    ),
    ("HostList", Shape.object(["hosts": Shape.list(reference("Host"))])),
    (
      "Health",
      Shape.object([
        "status": Shape.choice(["ok", "unavailable"]), "version": Shape.string,
        "database": Shape.object(["status": Shape.choice(["ok", "slow", "unreachable"]), "latency_ms": Shape.number]),
      ])
    ),
    ("Liveness", Shape.object(["status": Shape.choice(["alive"]), "version": Shape.string])),
    (
      "Readiness",
      Shape.object([
        "status": Shape.choice(["ready", "unready"]), "version": Shape.string,
        "checks": Shape.object(["database": check, "migrations": check, "plugins": check]),
      ])
    ),
    ("OpenAPI", Shape.object(["openapi": Shape.string, "info": Shape.object, "paths": Shape.object, "components": Shape.object])),
    (
      "Problem",
      Shape.object(
        [
          "type": Shape.choice(ProblemKind.allCases.map(\.uri)), "title": Shape.string,
          "status": ["type": "integer", "minimum": 400, "maximum": 599], "detail": Shape.string,
        ],
        optional: [
          "hint": Shape.string,
          "errors": Shape.list(
            Shape.object(
              ["message": Shape.string],
              optional: [
                "pointer": Shape.string, "parameter": Shape.string, "path": Shape.string, "keyword": Shape.string,
                "expected": Shape.string, "given": Shape.string, "suggestion": Shape.nullable("string"),
              ])),
        ])
    ),
  ]
}
