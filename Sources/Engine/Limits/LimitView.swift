public import Workflow

/// A limit as it is shown.
public struct LimitView: Sendable {
  /// A resource, or a handler, whose name has a dot.
  public var name: String
  public var settings: LimitSettings
  /// `configuration`, or `operator` when it was set by hand.
  public var origin: String
  /// Weight that running tasks hold.
  public var inUse: Int
  /// Weight that may begin at once; nil without a rate.
  public var available: Double?
  /// The handlers that it holds back, with what one of their tasks weighs.
  public var handlers: [(name: String, weight: Int)]
  public var changedAt: String

  public var json: JSON {
    [
      "name": .string(name), "concurrency": settings.concurrency.map { JSON($0) } ?? .null,
      "rate": settings.rate.map { .string("\($0)") } ?? .null, "burst": settings.burst.map { JSON($0) } ?? .null,
      "origin": .string(origin), "in_use": JSON(inUse),
      "available": available.map { .number(JSONNumber(($0 * 1000).rounded() / 1000)) } ?? .null,
      "handlers": .array(handlers.map { ["name": .string($0.name), "weight": JSON($0.weight)] }), "changed_at": .string(changedAt),
    ]
  }
}
