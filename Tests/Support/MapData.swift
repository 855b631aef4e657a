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

  /// Runs a script that writes the file `path`: `shapefile(folder, name, place(4326), kind, fields, rows)` makes one, `pack(path, folder)` zips
  /// what lies in a folder; `folder` and `outer` are empty ones.
  public static func build(_ path: String, _ script: String, _ arguments: String...) throws {
    try python(
      """
      import os, sys, tempfile, zipfile
      from osgeo import ogr, osr
      ogr.UseExceptions()
      def place(code):
          system = osr.SpatialReference(); system.ImportFromEPSG(code); system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
          return system
      def shapefile(folder, name, system, kind, fields, rows, encoding="UTF-8"):
          source = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(f"{folder}/{name}.shp")
          layer = source.CreateLayer(name, system, kind, [f"ENCODING={encoding}"])
          for field, type in fields: layer.CreateField(ogr.FieldDefn(field, type))
          for values, shape in rows:
              feature = ogr.Feature(layer.GetLayerDefn())
              for field, value in values.items(): feature[field] = value
              if shape: feature.SetGeometryDirectly(ogr.CreateGeometryFromWkt(shape))
              layer.CreateFeature(feature)
      def pack(path, folder, **texts):
          with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
              for name in sorted(os.listdir(folder)): archive.write(f"{folder}/{name}", name)
              for name, text in texts.items(): archive.writestr(name.replace("_", "."), text)
      path, arguments = sys.argv[1], sys.argv[2:]
      with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as outer:
      \(script.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
      os.chmod(path, 0o644)
      """, [path] + arguments)
  }

  /// A zip of a shapefile such as Natural Earth's: so many countries with codes AAA, AAB, ...; the release stands in each, and in a file.
  ///
  /// - Parameters:
  ///   - first: the number of the first country.
  ///   - renamed: so many of them have the release in their name.
  ///   - ballast: bytes beside them that do not shrink.
  public static func countries(
    _ path: String, _ count: Int, release: String, first: Int = 0, renamed: Int = 0, ballast: Int = 0
  ) throws {
    try build(
      path,
      """
      count, release, first, renamed = int(arguments[0]), arguments[1], int(arguments[2]), int(arguments[3])
      if int(arguments[4]): open(f"{folder}/ballast.bin", "wb").write(os.urandom(int(arguments[4])))
      def country(n):
          code = chr(65 + n // 676 % 26) + chr(65 + n // 26 % 26) + chr(65 + n % 26)
          x, y = -170 + n % 34 * 10, -80 + n // 34 % 16 * 10
          name = f"Land {n} of {release}" if n - first < renamed else f"Land {n}"
          return ({"ADM0_A3": code, "NAME": name, "ISO_A3": "-99" if n % 7 == 3 else code, "ISO_A3_EH": "-99" if n % 14 == 3 else code},
              f"POLYGON(({x} {y},{x} {y+9},{x+9} {y+9},{x+9} {y},{x} {y}))")
      fields = [(name, ogr.OFTString) for name in ("ADM0_A3", "NAME", "ISO_A3", "ISO_A3_EH")]
      shapefile(folder, "countries", place(4326), ogr.wkbPolygon, fields, [country(n) for n in range(first, first + count)])
      pack(path, folder, ne_VERSION_txt=release + "\\n")
      """, "\(count)", release, "\(first)", "\(renamed)", "\(ballast)")
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
