/// When something will have ended, as far as it can be told.
public enum ETA: Sendable, Hashable {
  /// Too little is known.
  case unknown
  /// Nothing of it runs, and why.
  case waiting(WaitingReason)
  /// From now on; the truth lies in it four times in five.
  case band(low: Duration, high: Duration)
  /// It has ended.
  case over

  /// For programs.
  public var code: String {
    switch self {
    case .unknown: "unknown"
    case .waiting: "waiting"
    case .band: "band"
    case .over: "over"
    }
  }

  public static let codes = ["unknown", "waiting", "band", "over"]

  /// For a person: `12–18 min`, `waiting: no host offers handler "a.b"`, `unknown`; empty when it is over.
  public var text: String {
    switch self {
    case .unknown: "unknown"
    case .waiting(let reason): "waiting: \(reason.text)"
    case .band(let low, let high): Self.text(low / .seconds(1), high / .seconds(1))
    case .over: ""
    }
  }

  public var json: JSON {
    var object = JSONObject([("state", .string(code)), ("text", .string(text))])
    if case .band(let low, let high) = self {
      object.append("low_s", .number(JSONNumber(Self.tenths(low))))
      object.append("high_s", .number(JSONNumber(Self.tenths(high))))
    }
    if case .waiting(let reason) = self { object.append("waiting_reason", reason.json) }
    return .object(object)
  }

  private static func tenths(_ duration: Duration) -> Double { (duration / .seconds(1) * 10).rounded() / 10 }

  /// Both ends in the unit of the later one.
  private static func text(_ low: Double, _ high: Double) -> String {
    let (unit, seconds): (String, Double) =
      switch high {
      case ..<90: ("s", 1)
      case ..<5400: ("min", 60)
      case ..<172_800: ("h", 3600)
      default: ("d", 86_400)
      }
    let ends = (first: Int((low / seconds).rounded(.down)), last: max(1, Int((high / seconds).rounded(.up))))
    if ends.first == ends.last { return "\(ends.last) \(unit)" }
    return ends.first == 0 ? "under \(ends.last) \(unit)" : "\(ends.first)–\(ends.last) \(unit)"
  }
}
