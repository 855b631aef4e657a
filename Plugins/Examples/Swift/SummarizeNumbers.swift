import HandlerKit

/// Mean and range of a list of numbers; each number above a threshold becomes an item, each that is not finite a reject.
struct SummarizeNumbers: Handler {
  static let name = "numbers.summarize"
  static let version = "1.0.0"
  static let title: String? = "Summarize numbers"
  static let isIdempotent = true
  static let optional: [Service] = [.log, .progress]
  static let params = Schema.object(
    required: ["numbers": .array(of: .string(), minimum: 1, "Decimal numbers, each as text.")],
    optional: ["above": .number("Emit what is greater than this; nothing if absent.")])
  static let result: Schema? = .object(
    required: ["count": .integer(minimum: 0), "mean": .number(), "least": .number(), "greatest": .number()])
  static let items: Schema? = .object(required: ["index": .integer(minimum: 0), "value": .number()])

  struct Params: Decodable {
    var numbers: [String]
    var above: Double?
  }

  struct Result: Encodable {
    var count: Int
    var mean, least, greatest: Double
  }

  struct Item: Encodable {
    var index: Int
    var value: Double
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    var good: [Double] = []
    for (index, text) in params.numbers.enumerated() {
      try task.progress.report(index, of: params.numbers.count)
      guard let value = Double(text), value.isFinite else {
        try task.reject("numbers/\(index)", .failed("\"\(text)\" is not a finite number."))
        continue
      }
      good.append(value)
      if let above = params.above, value > above { try task.emit(Item(index: index, value: value)) }
    }
    guard let least = good.min(), let greatest = good.max() else {
      throw HandlerError.invalid("None of the numbers is finite.", pointer: "/numbers")
    }
    task.log.info("Summarized numbers", ["count": JSONText(good.count)])
    return Result(count: good.count, mean: good.reduce(0, +) / Double(good.count), least: least, greatest: greatest)
  }
}
