/// What a schedule is: which workflow with which parameters, when, and what happens where that is not simple.
public struct ScheduleSettings: Sendable, Hashable {
  public var workflow: String
  /// An object. In its texts `${fire.time}` (UTC, RFC 3339), `${fire.local}` and `${fire.date}` stand for the time to fire.
  public var params: JSON
  public var cron: CronExpression
  /// Of the IANA database.
  public var zone: String
  public var gap: Timetable.Gap
  public var repeats: Timetable.Repeat
  public var missed: MissedFires
  public var overlap: Overlap
  /// Each fire begins up to so much later, always the same for the same fire.
  public var jitter: Duration
  public var priority: Int
  public var labels: [String]
  /// The dataset that it keeps current, instead of submitting a job of `params`: its own schedule, made and changed with it.
  public var dataset: String?

  /// Why settings cannot be, for a person.
  public struct Fault: Error, Hashable {
    public let message: String
  }

  private static let known = [
    "workflow", "params", "cron", "zone", "gap", "repeat", "missed", "missed_cap", "overlap", "jitter", "priority", "labels",
  ]
  private static let longestJitter: Duration = .seconds(86_400)

  /// - Parameter isStored: as it was kept, not as somebody wrote it: then it may be a dataset's.
  /// - Throws: `Fault`, which names the member.
  public init(_ json: JSON, isStored: Bool = false) throws(Fault) {
    guard let object = json.objectValue else {
      throw Fault(message: "expected an object such as {\"workflow\": .., \"cron\": \"0 2 * * *\"}")
    }
    if let stranger = object.members.first(where: { !Self.known.contains($0.key) && !(isStored && $0.key == "dataset") }) {
      throw Fault(message: "\(stranger.key): unknown key; a schedule has \(Self.known.joined(separator: ", "))")
    }
    func text(_ key: String) throws(Fault) -> String? {
      guard let value = object[key], value != .null else { return nil }
      guard let text = value.stringValue else { throw Fault(message: "\(key): expected a string") }
      return text
    }
    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ fallback: Choice) throws(Fault) -> Choice
    where Choice.RawValue == String {
      guard let word = try text(key) else { return fallback }
      guard let choice = Choice(rawValue: word) else {
        throw Fault(message: "\(key): expected one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return choice
    }
    func number(_ key: String, _ range: ClosedRange<Int>, _ fallback: Int) throws(Fault) -> Int {
      guard let value = object[key], value != .null else { return fallback }
      guard let number = value.intValue, range.contains(number) else {
        throw Fault(message: "\(key): expected a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
    dataset = try text("dataset")
    guard let workflow = try text("workflow"), !workflow.isEmpty else { throw Fault(message: "workflow: expected a workflow's name") }
    self.workflow = workflow
    params = object["params"] ?? .object(JSONObject([]))
    guard params.objectValue != nil else { throw Fault(message: "params: expected an object") }
    guard let cron = try text("cron") else { throw Fault(message: "cron: is missing; write five fields such as \"0 2 * * *\"") }
    do throws(CronExpression.Fault) { self.cron = try CronExpression(cron) } catch { throw Fault(message: "cron: \(error.message)") }
    zone = try text("zone") ?? "UTC"
    gap = try choice("gap", .runAfter)
    repeats = try choice("repeat", .first)
    let cap = try number("missed_cap", 1...1_000, 10)
    switch try text("missed") ?? "last" {
    case "none": missed = .none
    case "last": missed = .last
    case "all": missed = .all(cap: cap)
    default: throw Fault(message: "missed: expected one of none, last, all")
    }
    overlap = try choice("overlap", .skip)
    let jitter = try text("jitter") ?? "0s"
    guard let duration = DurationText.parse(jitter), duration <= Self.longestJitter else {
      throw Fault(message: "jitter: expected a duration of at most 1d, such as \"5m\"")
    }
    self.jitter = duration
    priority = try number("priority", -1_000...1_000, 0)
    labels = []
    for label in object["labels"]?.arrayValue ?? [] {
      guard let text = label.stringValue, (1...100).contains(text.unicodeScalars.count) else {
        throw Fault(message: "labels: expected an array of words of 1 to 100 characters")
      }
      labels.append(text)
    }
  }

  /// Whether a text can be a schedule's name.
  public static func isName(_ text: String) -> Bool { NameSyntax.isName(text) }

  public var json: JSON {
    var (word, cap) = ("last", 10)
    switch missed {
    case .none: word = "none"
    case .last: break
    case .all(let most): (word, cap) = ("all", most)
    }
    var object = JSONObject([
      ("workflow", .string(workflow)), ("params", params), ("cron", .string(cron.description)), ("zone", .string(zone)),
      ("gap", .string(gap.rawValue)), ("repeat", .string(repeats.rawValue)), ("missed", .string(word)), ("missed_cap", JSON(cap)),
      ("overlap", .string(overlap.rawValue)), ("jitter", .string(DurationText.text(of: jitter))), ("priority", JSON(priority)),
      ("labels", .array(labels.map(JSON.string))),
    ])
    if let dataset { object.append("dataset", .string(dataset)) }
    return .object(object)
  }

  /// The parameters of one fire.
  public func params(of fire: Timetable.Fire) -> JSON {
    let words = ["${fire.time}": fire.time, "${fire.local}": fire.local, "${fire.date}": String(fire.local.prefix { $0 != "T" })]
    return Self.replaced(params, words)
  }

  private static func replaced(_ json: JSON, _ words: [String: String]) -> JSON {
    switch json {
    case .string(let text):
      var text = text
      for (word, meaning) in words { text = text.split(separator: word, omittingEmptySubsequences: false).joined(separator: meaning) }
      return .string(text)
    case .array(let elements): return .array(elements.map { replaced($0, words) })
    case .object(let object): return .object(JSONObject(object.members.map { ($0.key, replaced($0.value, words)) }))
    default: return json
    }
  }

  /// How much later than its time a fire of this schedule begins, in milliseconds.
  /// - Parameter id: the schedule's.
  public func delay(of fire: Timetable.Fire, schedule id: Int64) -> Int {
    let most = Int(jitter / .milliseconds(1))
    guard most > 0 else { return 0 }
    // a mix of both numbers that spreads well (splitmix64)
    var mixed = UInt64(bitPattern: id) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(bitPattern: fire.at)
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(most))
  }
}
