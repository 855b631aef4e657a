/// Objects that a trigger looks at again and again.
public struct ObjectSource: Sendable, Hashable {
  /// What makes an object another one.
  public enum Dedup: String, Sendable, CaseIterable {
    /// Its content: an object that is replaced is an event again.
    case version
    /// Its key: it is an event once, whatever becomes of it.
    case key
  }

  public var container: String
  public var prefix: String
  /// Only keys that end so.
  public var suffix: String
  public var dedup: Dedup
  /// Between two looks.
  public var every: Duration
  /// How much older than the newest an object may be when it shows for the first time.
  public var lookback: Duration
  /// Objects that share one job at most; with more than one they are `${event.objects}`.
  public var batch: Int

  init(_ members: TriggerMembers) throws(TriggerSettings.Fault) {
    try members.finish(["container", "prefix", "suffix", "dedup", "every", "lookback", "batch"])
    container = try members.required("container")
    prefix = try members.text("prefix") ?? ""
    suffix = try members.text("suffix") ?? ""
    dedup = try members.choice("dedup", .version)
    every = try members.duration("every", .seconds(60), Duration.seconds(1)...Duration.seconds(86_400))
    lookback = try members.duration("lookback", .seconds(86_400), Duration.seconds(60)...Duration.seconds(366 * 86_400))
    batch = try members.number("batch", 1, 1...1_000)
  }

  var json: JSON {
    [
      "container": .string(container), "prefix": .string(prefix), "suffix": .string(suffix), "dedup": .string(dedup.rawValue),
      "every": .string(DurationText.text(of: every)), "lookback": .string(DurationText.text(of: lookback)), "batch": JSON(batch),
    ]
  }

  /// The event of an object; nil: it is none that is looked for.
  public func event(key: String, etag: String, size: UInt64, modified: Double) -> TriggerEvent? {
    guard key.hasPrefix(prefix), key.hasSuffix(suffix) else { return nil }
    let identity = dedup == .key ? "object/\(key)" : "object/\(key)\u{1}\(etag)"
    return TriggerEvent(
      key: identity, subject: "\(container)/\(key)", happenedAt: modified,
      values: JSONObject([
        ("container", .string(container)), ("prefix", .string(prefix)), ("key", .string(key)), ("etag", .string(etag)),
        ("size", .number(JSONNumber(Int(clamping: size)))), ("modified", .string(CivilDate.time(of: Int64(modified)))),
      ]))
  }
}
