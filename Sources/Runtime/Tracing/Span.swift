import Workflow

/// A stretch of time in a trace.
struct Span: Sendable {
  enum Value: Sendable {
    case text(String)
    case number(Int)
  }

  var context: TraceContext
  var id: UInt64
  /// Nil: it begins the trace.
  var parent: UInt64?
  var name: String
  /// Microseconds since 1970.
  var start: Int64
  var end: Int64
  var attributes: [(key: String, value: Value)]
  /// What went wrong; nil: nothing.
  var error: String?
}

extension Span {
  /// As OTLP has it in JSON: ids in hexadecimal, 64-bit numbers as text.
  var json: JSON {
    var span = JSONObject([("traceId", .string(context.trace.text)), ("spanId", .string(TraceID.hexadecimal(id)))])
    if let parent { span.append("parentSpanId", .string(TraceID.hexadecimal(parent))) }
    span.append("name", .string(name))
    span.append("kind", JSON(1))
    span.append("startTimeUnixNano", .string("\(start)000"))
    span.append("endTimeUnixNano", .string("\(max(start, end))000"))
    span.append("attributes", Self.attributes(attributes))
    var status = JSONObject([("code", JSON(error == nil ? 1 : 2))])
    if let error { status.append("message", .string(error)) }
    span.append("status", .object(status))
    return .object(span)
  }

  static func attributes(_ pairs: [(key: String, value: Value)]) -> JSON {
    .array(
      pairs.map { key, value in
        switch value {
        case .text(let text): ["key": .string(key), "value": ["stringValue": .string(text)]]
        case .number(let number): ["key": .string(key), "value": ["intValue": .string("\(number)")]]
        }
      })
  }
}
