import Foundation

/// Small maps for tests, made by Debian's GDAL.
public enum MapData {
  /// A zip of shapefiles: by layer, how many polygons; and beside them a file of so many bytes that does not shrink.
  public static func shapefiles(_ path: String, _ layers: [String: Int], ballast: Int = 0) throws {
    try python(
      """
      import json, os, sys, tempfile, zipfile
      from osgeo import ogr, osr
      ogr.UseExceptions()
      path, layers, ballast = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
      place = osr.SpatialReference(); place.ImportFromEPSG(4326); place.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
      with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
          if ballast: archive.writestr(zipfile.ZipInfo("ballast.bin"), os.urandom(ballast))
          for name, count in sorted(layers.items()):
              source = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(f"{folder}/{name}.shp")
              layer = source.CreateLayer(name, place, ogr.wkbPolygon)
              layer.CreateField(ogr.FieldDefn("id", ogr.OFTInteger))
              for i in range(count):
                  x, y = -170 + i % 340, -80 + i // 340 % 160
                  feature = ogr.Feature(layer.GetLayerDefn()); feature["id"] = i
                  feature.SetGeometryDirectly(ogr.CreateGeometryFromWkt(f"POLYGON(({x} {y},{x} {y+1},{x+1} {y+1},{x+1} {y},{x} {y}))"))
                  layer.CreateFeature(feature)
              del layer, source
              for end in ("shp", "shx", "dbf", "prj"): archive.write(f"{folder}/{name}.{end}", f"{name}.{end}")
      os.chmod(path, 0o644)
      """, [path, String(decoding: try JSONEncoder().encode(layers), as: UTF8.self), String(ballast)])
  }

  /// A raster of 512 by 512 pixels; answers the checksum of its band.
  public static func raster(_ path: String) throws -> Int {
    let said = try python(
      """
      import os, sys
      from osgeo import gdal
      gdal.UseExceptions()
      raster = gdal.GetDriverByName("GTiff").Create(sys.argv[1], 512, 512, 1, gdal.GDT_UInt16, ["TILED=YES", "COMPRESS=DEFLATE"])
      raster.GetRasterBand(1).WriteRaster(0, 0, 512, 512, b"".join((i * 7919 % 65521).to_bytes(2, "little") for i in range(512 * 512)))
      raster.FlushCache()
      print(raster.GetRasterBand(1).Checksum())
      os.chmod(sys.argv[1], 0o644)
      """, [path])
    return Int(said.filter(\.isNumber)) ?? -1
  }

  /// Runs a script with Debian's interpreter, whose GDAL belongs to it; answers what it printed.
  /// - Throws: what it said when it failed.
  @discardableResult
  public static func python(_ script: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let (out, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-c", script] + arguments
    (process.standardOutput, process.standardError) = (out, errors)
    try process.run()
    let said = out.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(words: String(decoding: complaint, as: UTF8.self)) }
    return String(decoding: said, as: UTF8.self)
  }

  public struct Failed: Error { public let words: String }
}
