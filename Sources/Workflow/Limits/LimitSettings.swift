/// What a limit allows over all hosts: so much at a time, so much in a while, or both.
public struct LimitSettings: Sendable, Hashable {
  /// Weight held at a time; nil: any, 0: nothing begins.
  public var concurrency: Int?
  /// Weight begun in a while; nil: any.
  public var rate: RateLimit?
  /// The most that gathers while nothing begins; without a rate it means nothing.
  public var burst: Int?

  /// Why settings cannot be, for a person.
  public struct Fault: Error, Hashable {
    public let message: String
  }

  /// - Parameter burst: what the rate brings in a second unless given.
  public init(concurrency: Int? = nil, rate: RateLimit? = nil, burst: Int? = nil) {
    self.concurrency = concurrency
    self.rate = rate
    self.burst = rate.map { burst ?? $0.usualBurst }
  }

  /// Reads `{"concurrency": 4, "rate": "10/s", "burst": 20}`, of which concurrency or rate must be there.
  public init(_ json: JSON) throws(Fault) {
    guard let object = json.objectValue else { throw Fault(message: "expected an object such as {\"concurrency\": 4, \"rate\": \"10/s\"}") }
    for member in object.members where !["concurrency", "rate", "burst"].contains(member.key) {
      throw Fault(message: "\(member.key): unknown key; a limit has concurrency, rate, burst")
    }
    let concurrency = try Self.count(object, "concurrency", from: 0)
    let burst = try Self.count(object, "burst", from: 1)
    var rate: RateLimit?
    if let given = object["rate"], given != .null {
      guard let text = given.stringValue, let parsed = RateLimit(text) else { throw Fault(message: "rate: expected \(RateLimit.expected)") }
      rate = parsed
    }
    guard concurrency != nil || rate != nil else { throw Fault(message: "says neither concurrency nor rate") }
    guard burst == nil || rate != nil else { throw Fault(message: "burst: means nothing without a rate") }
    self.init(concurrency: concurrency, rate: rate, burst: burst)
  }

  private static func count(_ object: JSONObject, _ name: String, from least: Int) throws(Fault) -> Int? {
    guard let given = object[name], given != .null else { return nil }
    guard let number = given.intValue, (least...1_000_000_000).contains(number) else {
      throw Fault(message: "\(name): expected a whole number from \(least) to 1000000000")
    }
    return number
  }

  /// Limits by name: `{"planet_api": {"concurrency": 4}}`. Nil when it cannot be that.
  static func all(_ json: JSON) -> [String: LimitSettings]? {
    guard let object = json.objectValue else { return nil }
    var all: [String: LimitSettings] = [:]
    for (name, value) in object.members {
      guard isName(name) else { return nil }
      do throws(Fault) { all[name] = try LimitSettings(value) } catch { return nil }
    }
    return all
  }

  /// Whether the text can be a limit's name: a resource such as `planet_api`, or a handler such as `ingest.copy`.
  public static func isName(_ text: String) -> Bool { NameSyntax.isName(text) || NameSyntax.isHandlerName(text) }

  public var json: JSON {
    var object = JSONObject()
    if let concurrency { object.append("concurrency", JSON(concurrency)) }
    if let rate { object.append("rate", .string("\(rate)")) }
    if let burst { object.append("burst", JSON(burst)) }
    return .object(object)
  }
}
