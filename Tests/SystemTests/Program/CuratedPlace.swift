import Database
import FoundationEssentials
import TestSupport
import Workflow

/// A place with the plugin, the workflow and datasets of curated reference data, and a server that they come from.
struct CuratedPlace: Sendable {
  let place: Place
  let site = SourceSite()
  /// Who owns schema `geo`.
  let guest: GuestConfiguration

  /// - Parameter datasets: by file of manifests/datasets, what is put in the place of what stands there.
  init(_ datasets: [String: [(old: String, new: String)]]) throws {
    place = try Place()
    guest = try place.own.makeGuest()
    let plugin = RunningProgram.text("\(Place.root)/manifests/plugins/curated.json")
    place.write("manifests/plugins/curated.json", plugin.replacing(#""naciscdn.org","#, with: #""127.0.0.1", "naciscdn.org","#))
    let workflow = "manifests/workflows/curated_dataset_update.json"
    place.write(workflow, RunningProgram.text("\(Place.root)/\(workflow)"))
    try FileManager.default.createDirectory(atPath: "\(place.manifests)/datasets", withIntermediateDirectories: true)
    for (file, changes) in datasets {
      var text = RunningProgram.text("\(Place.root)/manifests/datasets/\(file).json")
      for (old, new) in changes {
        guard text.contains(old) else { throw RunningProgram.Failure(description: "\(file).json has no \(old)") }
        text = text.replacing(old, with: new)
      }
      place.write("manifests/datasets/\(file).json", text)
    }
  }

  func serve() async throws -> ServedHost {
    try await place.serve([
      "WEIR_DATABASES": #"{"geo": "\#(guest.url)"}"#, "WEIR_PRIVATE_ADDRESSES": "127.0.0.1", "WEIR_LEASE": "10s",
    ])
  }

  /// Asks for an update by HTTP, and waits for its end.
  func update(_ id: String, on host: ServedHost, _ query: String = "") async throws -> JSON {
    let answer = try await host.post("/api/curated/datasets/\(id)/update\(query)")
    guard answer.status == 201 else { throw RunningProgram.Failure(description: "\(answer.status): \(answer.text)") }
    return try await host.end(of: answer.json["job_id"]?.stringValue ?? "")
  }

  /// The newest entry of a dataset's history, once it is closed.
  func closed(_ id: String, on host: ServedHost) async throws -> JSON {
    let limit = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < limit {
      let entry = try await host.get("/api/curated/datasets/\(id)/history").json["updates"]?.arrayValue?.first ?? .null
      if entry["completed_at"] != .null { return entry }
    }
    throw RunningProgram.Failure(description: "the update of \(id) was not closed in time")
  }

  /// The first column of what the role that owns the tables reads.
  func rows(_ query: String) async throws -> [String] {
    let guest = guest
    return try await onOwnThread {
      let database = GuestDatabase(guest)
      let session = try database.begin(GuestOptions(access: .readOnly))
      defer { database.giveBack(session) }
      let answer = try session.exec(query, []) { false }
      try session.end(commits: true) { false }
      return (try JSON(parsing: answer.json)["rows"]?.arrayValue ?? []).map { $0[0]?.stringValue ?? "" }
    }
  }

  /// Whether every feature of a source stands in a table as it is there, by its key; as GDAL reads both.
  func compare(_ source: String, layer: String, table: String, key: String, left: [String] = []) async throws -> String {
    let url = guest.url
    return try await onOwnThread {
      try MapData.python(
        """
        import json, sys
        from osgeo import gdal, ogr
        ogr.UseExceptions(); gdal.PushErrorHandler("CPLQuietErrorHandler")
        path, name, url, table, key, left = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5], sys.argv[6].split(",")
        source = ogr.Open(path); layer = source.GetLayerByName(name) if name else source.GetLayer(0)
        reader = ogr.Open("PG:" + url); rows = reader.GetLayerByName(table)
        stored = {row[key]: row for row in rows}
        assert len(stored) == layer.GetFeatureCount(), f"{len(stored)} rows, {layer.GetFeatureCount()} features"
        names = [layer.GetLayerDefn().GetFieldDefn(i).GetName() for i in range(layer.GetLayerDefn().GetFieldCount())]
        for feature in layer:
            row = stored[feature[{n.lower(): n for n in names}[key]]]
            for field in names:
                if field.lower() in left: continue
                value = None if feature[field] in ("-99", "-099") else feature[field]
                assert value == row[field.lower()], (field, value, row[field.lower()])
            shape = ogr.ForceToMultiPolygon(feature.GetGeometryRef().Clone()) if row.GetGeometryRef().GetGeometryName() == "MULTIPOLYGON" else feature.GetGeometryRef()
            there = row.GetGeometryRef()
            assert there.IsValid() and (shape.IsValid() is False or shape.Equals(there)), feature[0]
        print(f"{len(stored)} features alike in {len(names)} fields")
        """, [source, layer, url, table, key, left.joined(separator: ",")])
    }
  }
}
