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
  /// Objects that share one job at most; with more than one they are `${event.objects}`.
  public var batch: Int

  init(_ members: TriggerMembers) throws(TriggerSettings.Fault) {
    try members.finish(["container", "prefix", "suffix", "dedup", "every", "batch"])
    container = try members.required("container")
    prefix = try members.text("prefix") ?? ""
    suffix = try members.text("suffix") ?? ""
    dedup = try members.choice("dedup", .version)
    every = try members.duration("every", .seconds(60), Duration.seconds(1)...Duration.seconds(86_400))
    batch = try members.number("batch", 1, 1...1_000)
  }

  var json: JSON {
    [
      "container": .string(container), "prefix": .string(prefix), "suffix": .string(suffix), "dedup": .string(dedup.rawValue),
      "every": .string(DurationText.text(of: every)), "batch": JSON(batch),
    ]
  }

  /// What tells an object from what stood under its key before; empty: nothing does.
  public func version(etag: String, size: UInt64, modified: Double) -> String {
    guard dedup == .version else { return "" }
    return etag.isEmpty ? "\(size) \(Self.milliseconds(modified))" : etag
  }

  /// The event of an object; nil: it is none that is looked for.
  ///
  /// What a listing lost for once, and what stands there again as it stood, is the same event. What was written again is another.
  public func event(key: String, etag: String, size: UInt64, modified: Double) -> TriggerEvent? {
    guard key.hasPrefix(prefix), key.hasSuffix(suffix) else { return nil }
    let version = version(etag: etag, size: size, modified: modified)
    return TriggerEvent(
      key: dedup == .key ? "object/\(key)" : "object/\(key)\u{1}\(version)\u{1}\(Self.milliseconds(modified))",
      subject: "\(container)/\(key)", happenedAt: modified,
      values: JSONObject([
        ("container", .string(container)), ("prefix", .string(prefix)), ("key", .string(key)), ("etag", .string(etag)),
        ("size", .number(JSONNumber(Int(clamping: size)))), ("modified", .string(CivilDate.time(of: Int64(modified)))),
      ]))
  }

  private static func milliseconds(_ time: Double) -> Int64 { Int64((time * 1000).rounded()) }
}
