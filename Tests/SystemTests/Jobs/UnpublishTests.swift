import Database
import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `A collection that is taken back` {
    private static let ingest = #"{"source_container": "bronzemapspam", "target_container": "silvermapspam", "batch_size": 10}"#

    /// Batches so small that a host can be killed between two of them.
    private func place() throws -> Place {
      let place = try Place(sources: ["bronzemapspam": `ingest_collection`.source])
      var text = RunningProgram.text("\(Place.root)/manifests/workflows/unpublish_collection.json")
      for batch in ["500", "200"] { text = text.split(separator: #""batch": \#(batch)"#).joined(separator: #""batch": 4"#) }
      place.write("manifests/workflows/unpublish_collection.json", text)
      return place
    }

    private func ingested(_ place: Place) async throws -> (ServedHost, job: String, items: Int) {
      let host = try await place.serve()
      let id = try await host.submit("ingest_collection", Self.ingest)
      let job = try await host.end(of: id)
      try #require(job.state == "completed", "\(job.serialized())")
      return (host, id, job.stage("finalize")["result"]?["registered"]?.intValue ?? 0)
    }

    @Test func `is listed first, goes although its host is killed, and leaves what is not Weir's`() async throws {
      let place = try place()
      let silver = "containers/silvermapspam"
      mkdir("\(place.folder.path)/\(silver)", 0o755)
      // one object stands there before Weir comes, just as Weir would copy it
      let source = FileTree(folder: `ingest_collection`.source)
      let there = try #require(source.paths.first { $0.hasSuffix(".tif") && !$0.contains("/") })
      try source.bytes(there).write(to: URL(filePath: "\(place.folder.path)/\(silver)/\(there)"))

      let (first, ingestID, count) = try await ingested(place)
      let gate = try Gate(place.own)
      var host = first
      let rasters = FileTree(folder: "\(place.containers)/silvermapspam").paths.filter { $0.hasSuffix(".tif") }
      let changed = try #require(rasters.last)
      place.write("\(silver)/\(changed)", "somebody else's")
      place.write("\(silver)/stranger.txt", "not Weir's")

      try await isOnlyListed(place, host, items: count, staying: there, changed: changed)
      let answer = try await host.post("/api/collections/mapspam/unpublish?dry_run=false")
      #expect(answer.status == 201, "\(answer.text)")
      let id = answer.json["job_id"]?.stringValue ?? ""
      let same = try await host.post("/api/collections/mapspam/unpublish?dry_run=false")
      #expect(same.status == 200 && same.json["job_id"]?.stringValue == id, "\(same.text)")
      for (stage, completed) in [("remove_items", 3), ("remove_objects", 5)] {
        try await gate.shut(stage, completed: completed)
        _ = try await host.program.wait("moment \(completed) of \(stage)", within: .seconds(60)) { try gate.isReached ? true : nil }
        #expect(try await gate.state(of: stage) == "running", "the host was not killed within \(stage)")
        try await host.kill()
        try await gate.open()
        host = try await place.serve()
      }
      let job = try await host.end(of: id)
      #expect(job.state == "completed", "\(job.serialized())")
      #expect(try await Catalogue.items("mapspam", in: place.own).isEmpty)
      let left = FileTree(folder: "\(place.containers)/silvermapspam").paths
      #expect(left.filter { !$0.hasSuffix(".json") }.sorted() == [there, changed, "stranger.txt"].sorted(), "\(left)")
      for table in ["pgstac.collections WHERE id = 'mapspam'", "h3.source_catalog WHERE collection_id = 'mapspam'"] {
        let rows = try await onOwnThread {
          try place.own.database.withConnection { try $0.query("SELECT count(*) FROM \(raw: SQL(trusted: table))").one().int(0) }
        }
        #expect(rows == 0, "\(table)")
      }
      let report = job.stage("withdraw")["result"] ?? .null
      #expect(report["collection_removed"]?.boolValue == true && report["objects_staying"]?.intValue == 2, "\(report.serialized())")

      try await isKnownAfterwards(host, place, ingest: ingestID, items: count)
    }

    /// The dry run names what would go and what stays and why, and removes nothing.
    private func isOnlyListed(_ place: Place, _ host: ServedHost, items count: Int, staying there: String, changed: String) async throws {
      let rasters = FileTree(folder: "\(place.containers)/silvermapspam").paths
      let listed = try await place.weir("unpublish", "mapspam", "--url", host.url)
      #expect(listed.status == 0, "\(listed)")
      for part in [
        "collection mapspam: to be removed\n", "catalogue entries to be removed: mapspam\n",
        "items to be removed: \(count), staying: 0\n",
        "staying: 2\n", "\(there)  ", "stays: it was there before weir came\n", "stays: it was changed after weir wrote it\n",
        "Nothing was removed. To do it: weir unpublish mapspam --yes\n",
      ] { #expect(listed.out.contains(part), "\(part) is not in \(listed)") }
      #expect(!listed.out.contains("stranger"))
      #expect(FileTree(folder: "\(place.containers)/silvermapspam").paths == rasters)
      #expect(try await Catalogue.items("mapspam", in: place.own).count == count)
    }

    /// What was registered stays known, a repeat finds nothing to do, and who did what is in the audit.
    private func isKnownAfterwards(_ host: ServedHost, _ place: Place, ingest ingestID: String, items count: Int) async throws {
      let registered = try await host.get("/api/jobs/\(ingestID)/registered?limit=1000").json
      #expect(registered["items"]?.arrayValue?.count == count)
      let again = try await place.weir("unpublish", "mapspam", "--yes", "--json", "--url", host.url)
      #expect(again.status == 0, "\(again)")
      let repeated = try JSON(parsing: Array(again.out.utf8)).stage("withdraw")["result"] ?? .null
      #expect(repeated["items_removed"]?.intValue == 0 && repeated["objects_removed"]?.intValue == 0, "\(repeated.serialized())")
      let audit = try await host.get("/api/audit?subject=collection/mapspam").json["changes"]?.arrayValue ?? []
      let actions = audit.compactMap { $0["action"]?.stringValue }
      #expect(actions.sorted() == ["collection.unpublish", "collection.unpublish", "collection.unpublish", "collection.withdraw"])
      let unknown = try await place.weir("unpublish", "nothing", "--url", host.url)
      #expect(unknown.status == 1 && unknown.err.hasPrefix("there is no collection \"nothing\"\n"), "\(unknown)")
    }

    @Test func `each of its items is traced to the attempt that put it, and from there on`() async throws {
      let place = try place()
      let (host, job, count) = try await ingested(place)
      let page = try await host.get("/api/jobs/\(job)/registered?limit=7").json
      #expect(page["items"]?.arrayValue?.count == 7 && page["next"]?.stringValue != nil)
      let item = page["items"]?.arrayValue?.first?["item"]?.stringValue ?? ""
      let traced = try await place.weir("trace", "mapspam", item, "--url", host.url)
      #expect(traced.status == 0, "\(traced)")
      let hash = try await onOwnThread {
        try place.own.database.withConnection {
          try $0.query("SELECT library_hash FROM app.handlers WHERE name = 'ingest.register_items'").one().string(0)
        }
      }
      for part in [
        "item        mapspam/\(item)\n", "job         \(job) (completed)\n", "task        \(job)/register_items/", ", attempt 1\n",
        "handler     ingest.register_items 1.0.0, plugin ingest 1.0.0\n", "library     sha256:\(hash)\n", "asset       ",
        "file://\(place.containers)/silvermapspam/",
      ] { #expect(traced.out.contains(part), "\(part) is not in \(traced)") }
      let objects = try await host.get("/api/jobs/\(job)/objects?limit=1000").json["objects"]?.arrayValue ?? []
      let copied = FileTree(folder: "\(place.containers)/silvermapspam").paths
      #expect(objects.compactMap { $0["key"]?.stringValue }.sorted() == copied, "every object in the target, and no other")
      #expect(count > 7)
      let absent = try await place.weir("trace", "mapspam", "nothing", "--url", host.url)
      #expect(absent.status == 1 && absent.err.hasPrefix(#"there is no item "nothing" in collection "mapspam""#), "\(absent)")
    }

    @Test func `loses by a re-ingest what left its source, if that is asked for and is not too much`() async throws {
      let place = try Place()
      let ids = (0..<10).map { "i\($0)" }
      write(ids, place)
      let host = try await place.serve()
      #expect(try await ingest("", host).state == "completed")
      write(Array(ids.dropFirst()), place)
      #expect(try await ingest("", host).state == "completed")
      #expect(try await registered(place).count == 10, "nothing is pruned unless it is asked for")
      let pruned = try await ingest(#", "prune": true"#, host)
      #expect(pruned.state == "completed" && pruned.stage("finalize")["result"]?["pruned"]?.intValue == 1, "\(pruned.serialized())")
      #expect(pruned.stage("finalize")["result"]?["items_in_collection"]?.intValue == 9)
      #expect(try await registered(place) == Array(ids.dropFirst()))
      write(Array(ids.dropFirst(4)), place)
      let refused = try await ingest(#", "prune": true"#, host)
      #expect(refused.state == "failed")
      let failures = try await host.failures(of: refused["id"]?.stringValue ?? "")
      let message = failures["failed_tasks"]?.arrayValue?.first?["message"]?.stringValue ?? ""
      let refusal = "small: 3 of 9 items left the source, 34 % of them, and prune_limit allows 20 %"
      #expect(message.contains(refusal), "\(failures.serialized())")
      #expect(try await registered(place).count == 9)
      #expect(try await ingest(#", "prune": true, "prune_limit": 0.5"#, host).state == "completed")
      #expect(try await registered(place) == Array(ids.dropFirst(4)))
      // the objects of what was pruned are still Weir's to take back
      let taken = try await place.weir("unpublish", "small", "--yes", "--url", host.url)
      #expect(taken.status == 0, "\(taken)")
      #expect(FileTree(folder: "\(place.containers)/silversmall").paths.isEmpty)
    }

    private func registered(_ place: Place) async throws -> [String] {
      try await onOwnThread {
        try place.own.database.withConnection {
          try $0.query("SELECT id FROM pgstac.items WHERE collection = 'small' ORDER BY id").map { try $0.string(0) }
        }
      }
    }

    private func ingest(_ more: String, _ host: ServedHost) async throws -> JSON {
      let id = try await host.submit(
        "ingest_collection", #"{"source_container": "bronzesmall", "target_container": "silversmall"\#(more)}"#)
      return try await host.end(of: id)
    }

    private func write(_ ids: [String], _ place: Place) {
      mkdir("\(place.containers)/bronzesmall", 0o755)
      let links = ids.map { #"{"rel": "item", "href": "./\#($0).json"}"# }.joined(separator: ", ")
      place.write(
        "containers/bronzesmall/collection.json",
        """
        {"type": "Collection", "stac_version": "1.0.0", "id": "small", "description": "d", "license": "CC0-1.0", "keywords": ["crops"],
         "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [["2020-01-01T00:00:00Z", null]]}},
         "links": [\(links)]}
        """)
      for id in ids {
        place.write("containers/bronzesmall/\(id).tif", "bytes of \(id)")
        place.write(
          "containers/bronzesmall/\(id).json",
          """
          {"type": "Feature", "stac_version": "1.0.0", "id": "\(id)", "geometry": {"type": "Point", "coordinates": [1, 2]},
           "bbox": [1, 2, 1, 2], "properties": {"datetime": "2020-05-01T00:00:00Z"}, "links": [],
           "assets": {"data": {"href": "./\(id).tif"}}}
          """)
      }
    }
  }
}
