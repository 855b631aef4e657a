/// The theme of a collection in `h3.source_catalog`, guessed from its keywords when nobody names one.
enum Theme {
  /// In the order in which they win: the narrower first.
  private static let words: [(theme: String, words: Set<String>)] = [
    (
      "agriculture", ["agriculture", "agricultural", "crop", "crops", "cropland", "farming", "livestock", "irrigation", "yield", "mapspam"]
    ),
    (
      "water",
      ["water", "hydrology", "river", "rivers", "lake", "lakes", "groundwater", "flood", "floods", "flooding", "wetland", "wetlands"]
    ),
    ("climate", ["climate", "weather", "temperature", "precipitation", "rainfall", "drought", "meteorology"]),
    ("terrain", ["terrain", "elevation", "dem", "dsm", "dtm", "slope", "topography", "bathymetry"]),
    ("population", ["population", "demography", "demographics", "settlement", "settlements", "census"]),
    ("infrastructure", ["infrastructure", "building", "buildings", "road", "roads", "transport", "energy", "electricity"]),
    ("biodiversity", ["biodiversity", "species", "habitat", "protected", "conservation", "wdpa"]),
    ("vegetation", ["vegetation", "forest", "forests", "ndvi", "evi", "tree", "trees", "biomass", "phenology"]),
    ("land_cover", ["landcover", "land-cover", "lulc", "landuse", "land-use"]),
  ]

  /// nil if the keywords name none; of several the one with the most words, then the first of the table.
  static func inferred(from keywords: [String]) -> String? {
    let lowered = keywords.map { $0.lowercased() }
    let parts = Set(lowered + lowered.flatMap { $0.split { !$0.isLetter && !$0.isNumber }.map(String.init) })
    let hits = words.map { (theme: $0.theme, count: $0.words.intersection(parts).count) }.filter { $0.count > 0 }
    return hits.max { $0.count < $1.count }?.theme
  }
}
