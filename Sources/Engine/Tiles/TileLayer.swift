/// What a dataset's table holds that a map can show.
public struct TileLayer: Sendable, Hashable {
  public struct Attribute: Sendable, Hashable {
    public enum Kind: String, Sendable {
      case string = "String"
      case number = "Number"
      case boolean = "Boolean"
    }

    public var name: String
    public var kind: Kind
    /// How it is read, such as `t."area"::float8`.
    var expression: String
  }

  public var dataset: String
  public var edition: Edition
  var table: String
  /// The geometry's column, quoted.
  var geometry: String
  var srid: Int
  public var attributes: [Attribute]
  public var rows: Int
  /// West, south, east, north in degrees; nil: nothing lies anywhere.
  public var bounds: [Double]?

  /// The geometry in degrees.
  var place: String { srid == 4326 ? "t.\(geometry)" : "public.ST_Transform(t.\(geometry), 4326)" }
}
