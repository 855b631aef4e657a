/// A drawn tile.
public struct Tile: Sendable, Hashable {
  public var edition: Edition
  /// A Mapbox Vector Tile 2 with one layer of the dataset's name; empty: nothing lies there.
  public var bytes: [UInt8]
  public var features: Int
  /// The smallest ones, where more lie than a tile holds.
  public var leftOut: Int
}
