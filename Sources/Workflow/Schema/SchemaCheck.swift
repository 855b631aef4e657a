/// One check of one value: walks schema and value together.
///
/// Without `collects` it only says yes or no and stops at the first problem; with it, it notes every problem.
struct SchemaCheck {
  let subschemas: [Subschema]
  private let limits: SchemaLimits
  private let root: JSON
  var collects: Bool
  var problems: [SchemaProblem] = []
  var path: [JSONPathPart] = []
  private var steps = 0
  private var budget: Int
  private var depth = 0
  /// Length of the problems' texts.
  private var problemBytes = 0
  /// Set when the check gave up: then this is the only problem.
  private(set) var exhaustion: SchemaProblem?

  /// Levels of subschemas within each other that fit into a thread's stack.
  private static let deepest = 600

  init(_ schema: Schema, _ value: JSON, collects: Bool) {
    subschemas = schema.subschemas
    limits = schema.limits
    root = value
    budget = schema.limits.maxSteps
    self.collects = collects
  }

  mutating func passes() -> Bool {
    check(0, root) && exhaustion == nil
  }

  mutating func allProblems() -> [SchemaProblem] {
    let fits = check(0, root)
    if let exhaustion { return [exhaustion] }
    if fits { return [] }
    var seen: Set<SchemaProblem> = []
    return problems.filter { seen.insert($0).inserted }
  }

  /// Whether `value` fits the subschema at `place`.
  mutating func check(_ place: Int, _ value: JSON) -> Bool {
    guard enter() else { return false }
    defer { depth -= 1 }
    let subschema = subschemas[place]
    switch subschema.kind {
    case .acceptsAll: return true
    case .refusesAll:
      return fail("false", "no value here", SchemaPhrase.rendering(value, withKind: false))
    case .reference(let target): return check(target, value)
    case .rules where subschema.isSecret && collects: return checkSecret(subschema, value)
    case .rules: return checkRules(subschema, value)
    }
  }

  /// What is wrong with a secret is said without saying what it is.
  private mutating func checkSecret(_ subschema: Subschema, _ value: JSON) -> Bool {
    let before = problems.count
    let fits = checkRules(subschema, value)
    for index in problems.indices.dropFirst(before) {
      let problem = problems[index]
      problems[index] = SchemaProblem(
        pointer: problem.pointer, keyword: problem.keyword, expected: problem.expected, given: Redaction.mark)
    }
    return fits
  }

  private mutating func checkRules(_ subschema: Subschema, _ value: JSON) -> Bool {
    // A value of the wrong kind gets this one problem; the rest would say the same again.
    guard checkKind(subschema, value), checkConstant(subschema, value), checkAllowed(subschema, value) else { return false }
    var fits =
      switch value {
      case .number(let number): subschema.numbers.map { checkNumber($0, number) } ?? true
      case .string(let string): subschema.strings.map { checkString($0, string) } ?? true
      case .array(let elements): subschema.arrays.map { checkArray($0, elements) } ?? true
      case .object(let object): subschema.objects.map { checkObject($0, object) } ?? true
      case .null, .bool: true
      }
    guard fits || collects, let combinations = subschema.combinations else { return fits }
    fits = checkCombinations(combinations, value) && fits
    return fits
  }

  /// Notes a problem at the present place; false, as the check's answer.
  mutating func fail(
    _ keyword: String, _ expected: @autoclosure () -> String, _ given: @autoclosure () -> String,
    suggestion: @autoclosure () -> String? = nil, at last: JSONPathPart? = nil
  ) -> Bool {
    guard collects, problems.count < limits.maxProblems, problemBytes < limits.maxProblemBytes, exhaustion == nil else { return false }
    let problem = SchemaProblem(
      pointer: Self.pointer(path + (last.map { [$0] } ?? [])), keyword: keyword, expected: expected(), given: given(),
      suggestion: suggestion())
    problemBytes += problem.pointer.utf8.count + problem.expected.utf8.count + problem.given.utf8.count
    problems.append(problem)
    return false
  }

  /// Does `body` one step further down in the value.
  @inline(__always)
  mutating func descend(_ step: @autoclosure () -> JSONPathPart, _ body: (inout SchemaCheck) -> Bool) -> Bool {
    guard collects else { return body(&self) }
    path.append(step())
    defer { path.removeLast() }
    return body(&self)
  }

  /// Does `body` without noting problems.
  mutating func silently<Answer>(_ body: (inout SchemaCheck) -> Answer) -> Answer {
    let outer = collects
    collects = false
    defer { collects = outer }
    return body(&self)
  }

  /// The problems that `body` notes, kept apart from the others.
  mutating func apart(_ body: (inout SchemaCheck) -> Void) -> [SchemaProblem] {
    let outer = (problems, problemBytes)
    problems = []
    body(&self)
    defer { (problems, problemBytes) = outer }
    return problems
  }

  /// Counts work; false when there has been too much of it.
  mutating func spend(_ count: Int) -> Bool {
    steps += count
    if steps <= budget { return exhaustion == nil }
    if budget == limits.maxSteps { budget = max(limits.maxSteps, 200 * Self.partCount(root)) }
    if steps > budget { exhaust("a value that the schema can check in \(budget) steps", "one that takes more") }
    return exhaustion == nil
  }

  private mutating func enter() -> Bool {
    guard spend(1) else { return false }
    guard depth < Self.deepest else {
      exhaust("a value nested less deeply", "more than \(Self.deepest) levels of schema")
      return false
    }
    depth += 1
    return true
  }

  private mutating func exhaust(_ expected: String, _ given: String) {
    guard exhaustion == nil else { return }
    exhaustion = SchemaProblem(pointer: "", keyword: "", expected: expected, given: given)
  }

  private static func partCount(_ value: JSON) -> Int {
    switch value {
    case .array(let elements): elements.reduce(1) { $0 + partCount($1) }
    case .object(let object): object.members.reduce(1) { $0 + partCount($1.value) }
    default: 1
    }
  }

  /// The present place in the value.
  var pointer: String { Self.pointer(path) }

  private static func pointer(_ path: [JSONPathPart]) -> String {
    path.map { part in
      switch part {
      case .member(let key): "/\(JSONPointer.escaped(key))"
      case .element(let index): "/\(index)"
      }
    }.joined()
  }
}
