/// An SLD that somebody wrote, kept as it is once it was looked at.
public struct SLDText: Sendable, Hashable {
  /// What HTTP calls it.
  public static let type = "application/vnd.ogc.sld+xml;version=1.0"

  public let text: String

  /// What SLD 1.0 and its filters have, less what would make a reader fetch or draw something from elsewhere: ExternalGraphic,
  /// OnlineResource, RemoteOWS, InlineFeature.
  private static let elements: Set<String> = [
    "StyledLayerDescriptor", "NamedLayer", "UserStyle", "FeatureTypeStyle", "Rule", "Name", "Title", "Abstract", "IsDefault",
    "FeatureTypeName", "SemanticTypeIdentifier", "MinScaleDenominator", "MaxScaleDenominator", "ElseFilter", "LegendGraphic",
    "PolygonSymbolizer", "LineSymbolizer", "PointSymbolizer", "TextSymbolizer", "Geometry", "Fill", "Stroke", "CssParameter", "GraphicFill",
    "GraphicStroke", "Graphic", "Mark", "WellKnownName", "Size", "Opacity", "Rotation", "Label", "Font", "LabelPlacement",
    "PointPlacement", "LinePlacement", "AnchorPoint", "AnchorPointX", "AnchorPointY", "Displacement", "DisplacementX", "DisplacementY",
    "PerpendicularOffset", "Halo", "Radius", "VendorOption", "Filter", "And", "Or", "Not", "PropertyIsEqualTo", "PropertyIsNotEqualTo",
    "PropertyIsLessThan", "PropertyIsLessThanOrEqualTo", "PropertyIsGreaterThan", "PropertyIsGreaterThanOrEqualTo", "PropertyIsLike",
    "PropertyIsNull", "PropertyIsBetween", "PropertyName", "Literal", "LowerBoundary", "UpperBoundary", "Add", "Sub", "Mul", "Div",
    "Function", "BBOX", "Box", "coordinates",
  ]

  /// - Returns: or what is wrong with it.
  public static func load(_ bytes: [UInt8]) -> Result<SLDText, StyleFaults> {
    guard let text = String(validating: bytes, as: UTF8.self) else { return .failure(StyleFaults("The SLD is not UTF-8.")) }
    var tags: [XMLScanner.Tag] = []
    do throws(XMLScanner.Fault) {
      tags = try XMLScanner.tags(of: bytes)
    } catch {
      return .failure(StyleFaults("The SLD cannot be read: line \(error.line): \(error.message).", hint: error.hint))
    }
    guard let root = tags.first, root.name == "StyledLayerDescriptor", root.attributes["version"] == "1.0.0" else {
      return .failure(
        StyleFaults("The SLD does not begin with <StyledLayerDescriptor version=\"1.0.0\">.", hint: "Of SLD only version 1.0.0 is kept."))
    }
    if let stranger = tags.first(where: { !elements.contains($0.name) }) {
      return .failure(
        StyleFaults(
          "The SLD has an element <\(stranger.name.prefix(100))>, line \(XMLScanner.line(of: stranger.offset, in: bytes)), which is not kept here.",
          hint: "Pictures and data of other places are not drawn; leave it out."))
    }
    guard tags.contains(where: { $0.name == "NamedLayer" }) else { return .failure(StyleFaults("The SLD has no <NamedLayer>.")) }
    return .success(SLDText(text: text))
  }
}
