import HandlerKit

/// Adds numbers to metrics by name: what they mean, and how they are shown, is said by the plugin's manifest alone.
struct TallyMetrics: Handler {
  static let name = "numbers.tally"
  static let version = "1.0.0"
  static let title: String? = "Add numbers to metrics"
  static let isIdempotent = true
  static let optional: [Service] = [.progress, .metric]
  static let params = Schema.object(required: [
    "metrics": .array(
      of: .object(required: ["name": .string("A metric that the manifest declares."), "value": .number()]), minimum: 1)
  ])
  static let result: Schema? = .object(required: ["added": .integer(minimum: 0)])

  struct Params: Decodable {
    struct Metric: Decodable {
      var name: String
      var value: Double
    }

    var metrics: [Metric]
  }

  struct Result: Encodable {
    var added: Int
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    for (index, metric) in params.metrics.enumerated() {
      try task.metrics.add(metric.name, metric.value)
      try task.progress.report(index + 1, of: params.metrics.count)
    }
    return Result(added: params.metrics.count)
  }
}
