public import Workflow

/// A collection when all its items are put.
public struct StacFinish: Sendable, Equatable {
  /// In the collection, whoever put them.
  public let items: Int
  /// As STAC writes it: `{"spatial":{"bbox":[...]},"temporal":{"interval":[...]}}`.
  public let extent: RawJSON

  /// `{"items": n, "extent": {...}}`
  public var json: JSON { ["items": JSON(items), "extent": extent.parsed()] }
}
