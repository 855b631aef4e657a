import Foundation

/// Items like those of a global crop grid: 1.8 kB, one footprint, one asset with statistics, start and end but no instant.
struct GridItems {
  let collection: String

  private static let crops = ["WHEA", "RICE", "MAIZ", "BARL", "SORG", "CASS", "BEAN", "SOYB", "SUGC", "COTT", "COFF", "TEAS"]
  private static let ring = "[[[-180.0,-90.0],[180.0,-90.0],[180.0,90.0],[-180.0,90.0],[-180.0,-90.0]]]"

  /// The same number gives the same bytes.
  func item(_ number: Int) -> String {
    let crop = Self.crops[number % Self.crops.count]
    let year = 2020 - number / 600 % 20
    let most = Double(number * 7919 % 100_003) + 0.125
    let buckets = (0..<10).map { String((number * 31 + $0 * 17) % 90_000) }.joined(separator: ",")
    let id = "grid\(year)_v1_global_\(crop)_\(number)"
    return """
      {"type":"Feature","stac_version":"1.0.0","stac_extensions":["https://stac-extensions.github.io/projection/v1.1.0/schema.json",\
      "https://stac-extensions.github.io/raster/v1.1.0/schema.json"],"id":"\(id)","collection":"\(collection)",\
      "geometry":{"type":"Polygon","coordinates":\(Self.ring)},"bbox":[-180.0,-90.0,180.0,90.0],\
      "properties":{"datetime":null,"start_datetime":"\(year)-01-01T00:00:00Z","end_datetime":"\(year)-12-31T23:59:59Z",\
      "title":"Crop grid \(year) production \(crop) (all)","created":"2026-01-05T12:00:00Z","grid:crop":"\(crop)",\
      "grid:variable":"production","grid:technology":"all","grid:unit":"mt","grid:year":\(year),"grid:version":"v1",\
      "proj:geometry":{"type":"Polygon","coordinates":\(Self.ring)},"proj:bbox":[-180.0,-90.0,180.0,90.0],\
      "proj:shape":[2160,4320],"proj:transform":[0.08333333333333333,0.0,-180.0,0.0,-0.08333333333333333,90.0,0.0,0.0,1.0],\
      "proj:epsg":4326},"links":[{"rel":"collection","href":"./collection.json","type":"application/json"},\
      {"rel":"parent","href":"./collection.json","type":"application/json"},\
      {"rel":"root","href":"./collection.json","type":"application/json"}],\
      "assets":{"data":{"href":"./\(id).tif","type":"image/tiff; application=geotiff; profile=cloud-optimized","title":"Data",\
      "roles":["data"],"raster:bands":[{"data_type":"float32","scale":1.0,"offset":0.0,"sampling":"area","nodata":-1,"unit":"mt",\
      "statistics":{"mean":\(most / 37),"minimum":0.0,"maximum":\(most),"stddev":\(most / 11),"valid_percent":12.345},\
      "histogram":{"count":11,"min":0.0,"max":\(most),"buckets":[\(buckets)]}}]}}}
      """
  }

  var document: String {
    """
    {"type":"Collection","stac_version":"1.0.0","id":"\(collection)","description":"Crop grids","license":"CC-BY-4.0",\
    "extent":{"spatial":{"bbox":[[-180.0,-90.0,180.0,90.0]]},"temporal":{"interval":[["2000-01-01T00:00:00Z",null]]}},"links":[],\
    "item_assets":{"data":{"type":"image/tiff; application=geotiff; profile=cloud-optimized","roles":["data"],"title":"Data"}}}
    """
  }

  /// One item a line.
  func lines(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in 0..<count {
      bytes.append(contentsOf: item(number).utf8)
      bytes.append(0x0A)
    }
    return bytes
  }
}
