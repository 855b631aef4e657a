import Glibc

/// A tile of the web's usual pyramid: at zoom z the world is 2^z tiles wide and high, counted from the north-west.
public struct TileAddress: Sendable, Hashable {
  public let z: Int
  public let x: Int
  public let y: Int

  public static let mostZoom = 22
  /// What lies further north or south is on no tile.
  public static let mostLatitude = 85.051_128_779_806_6
  /// Into how many units the side of a tile is cut.
  public static let extent = 4_096
  /// Units around a tile that are drawn, too, so that edges of areas do not show where tiles meet.
  public static let margin = 64

  /// Nil when there is no such tile.
  public init?(z: Int, x: Int, y: Int) {
    guard (0...Self.mostZoom).contains(z), (0..<(1 << z)).contains(x), (0..<(1 << z)).contains(y) else { return nil }
    (self.z, self.x, self.y) = (z, x, y)
  }

  /// Degrees of longitude that one unit is wide.
  public var unit: Double { 360 / Double(1 << z) / Double(Self.extent) }

  /// West, south, east and north with the margin, in degrees; never beyond the world.
  public var area: (west: Double, south: Double, east: Double, north: Double) {
    let margin = Double(Self.margin) / Double(Self.extent)
    return (
      max(-180, longitude(Double(x) - margin)), latitude(Double(y) + 1 + margin), min(180, longitude(Double(x) + 1 + margin)),
      latitude(Double(y) - margin)
    )
  }

  private func longitude(_ column: Double) -> Double { column / Double(1 << z) * 360 - 180 }

  private func latitude(_ row: Double) -> Double {
    let latitude = atan(sinh(.pi * (1 - 2 * row / Double(1 << z)))) * 180 / .pi
    return min(Self.mostLatitude, max(-Self.mostLatitude, latitude))
  }
}
