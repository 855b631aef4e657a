internal import Workflow

/// Collects what is wrong with one document, each with its pointer. At most 50 problems are kept.
struct DocumentCheck {
  private(set) var problems: [StacProblem] = []

  mutating func report(_ message: @autoclosure () -> String) {
    if problems.count < 50 { problems.append(StacProblem(pointer: "", message: message())) }
  }

  mutating func report(at token: String, _ message: @autoclosure () -> String) {
    inside(token) { $0.report(message()) }
  }

  /// What `body` reports is about the member or element `token`.
  mutating func inside<T>(_ token: @autoclosure () -> String, _ body: (inout DocumentCheck) -> T) -> T {
    let before = problems.count
    let value = body(&self)
    if problems.count > before {
      let prefix = "/" + JSONPointer.escaped(token())
      for index in before..<problems.count { problems[index].pointer = prefix + problems[index].pointer }
    }
    return value
  }

  mutating func expect(_ kind: RawJSON.Kind, _ value: RawJSON, _ token: @autoclosure () -> String) -> Bool {
    if value.kind == kind { return true }
    let name = token()
    report(at: name, "expected is \(kind.article), given is \(value.kind.article)")
    return false
  }

  /// A string of at least one character.
  mutating func text(_ value: RawJSON, _ token: @autoclosure () -> String) -> Bool {
    guard value.kind == .string else { return expect(.string, value, token()) }
    if value.bytes.count > 2 { return true }
    report(at: token(), "is empty")
    return false
  }

  mutating func strings(_ value: RawJSON, _ token: @autoclosure () -> String) {
    guard expect(.array, value, token()) else { return }
    inside(token()) { check in
      var index = 0
      value.forEachElement { element in
        _ = check.expect(.string, element, String(index))
        index += 1
      }
    }
  }

  mutating func missing(_ name: String) { report("\"\(name)\" is missing") }

  mutating func time(_ value: RawJSON, _ token: @autoclosure () -> String) -> StacTime? {
    guard expect(.string, value, token()) else { return nil }
    if let time = StacTime(value.bytes.dropFirst().dropLast()) { return time }
    let given = value.bytes.count < 60 ? value.text : "a long text"
    report(at: token(), "\(given) is no time in UTC as RFC 3339 writes it, such as \"2020-12-31T23:59:59Z\"")
    return nil
  }

  mutating func box(_ value: RawJSON, _ token: @autoclosure () -> String) {
    guard expect(.array, value, token()) else { return }
    var numbers: [Double] = []
    var isNumeric = true
    value.forEachElement { element in
      if let number = element.double, element.kind == .number { numbers.append(number) } else { isNumeric = false }
    }
    guard isNumeric, numbers.count == 4 || numbers.count == 6 else {
      return report(at: token(), "a bbox has 4 or 6 numbers")
    }
    let half = numbers.count / 2
    if numbers[1] > numbers[half + 1] { report(at: token(), "the bbox's south \(numbers[1]) is above its north \(numbers[half + 1])") }
  }
}

extension RawJSON.Kind {
  var article: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
