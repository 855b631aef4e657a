/// How many rejects and items of failed tasks, together, a stage bears: up to that it completes, above it the stage fails.
public enum Tolerance: Sendable, Hashable {
  case count(Int)
  /// Of the items that a stage fans out over; of a stage without `for_each`, of the items that its task emitted or rejected.
  case percent(Double)

  public static let none = Tolerance.count(0)

  static let hint = "Write a count, such as 5, or a percentage, such as \"2.5%\"."

  /// `"5"` or `"2.5%"`; nil for anything else.
  public init?(_ text: String) {
    if text.hasSuffix("%") {
      let number = text.dropLast()
      guard let first = number.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
        number.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }),
        let percent = Double(number), percent <= 100
      else { return nil }
      self = .percent(percent)
    } else {
      guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        let count = Int(text)
      else { return nil }
      self = .count(count)
    }
  }

  public func bears(_ failures: Int, of items: Int) -> Bool {
    switch self {
    case .count(let count): failures <= count
    case .percent(let percent): Double(failures) * 100 <= percent * Double(items)
    }
  }

  /// Of so many tasks, how many may fail alike: a percentage never means fewer than `fewestAlike`, so that the first few failures of
  /// a stage do not decide.
  public func tasksAlike(of tasks: Int) -> Int {
    switch self {
    case .count(let count): count
    case .percent(let percent): max(Self.fewestAlike, Int(percent * Double(tasks) / 100))
    }
  }

  static let fewestAlike = 9

  public var json: JSON {
    switch self {
    case .count(let count): return .number(JSONNumber(count))
    case .percent(let percent):
      let text = percent.description
      return .string((text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "%")
    }
  }
}
