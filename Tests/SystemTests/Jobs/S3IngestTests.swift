import Storage
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `ingest_collection on object stores` {
    /// Where a container is.
    enum Site: String, Sendable, CaseIterable {
      case directory, bucket, azure

      var server: ObjectServer.Kind? {
        switch self {
        case .directory: nil
        case .bucket: .ceph
        case .azure: .azure
        }
      }
    }

    /// A container as the host's configuration names it.
    private struct End {
      var url = ""
      /// Of every object in it.
      var prefix = ""
      var credential: CredentialSetting?
      var secret = ""
      let variable: String

      init(_ site: Site, _ place: Place, directory: String, proxy: FaultProxy?, variable: String) throws {
        self.variable = variable
        guard let kind = site.server else {
          (url, prefix) = ("file://\(directory)", "file://\(directory)")
          return
        }
        let server = try ObjectServer.shared(kind)
        secret = server.alice.secret
        let name = server.freshName()
        if site == .azure {
          credential = CredentialSetting(["account_key": .environment(variable)])
          // what readers of STAC can open
          prefix = "\(server.endpoint)/\(server.alice.key)/\(name)/in%20side"
          url =
            "azure://\(server.alice.key)/\(name)/in%20side?endpoint=\(server.endpoint)/\(server.alice.key)&credentials=\(variable.lowercased())"
        } else {
          credential = CredentialSetting(["key_id": .text(server.alice.key), "secret": .environment(variable)])
          prefix = "s3://\(name)/in%20side"
          url = "\(prefix)?endpoint=\(proxy?.endpoint ?? server.endpoint)&credentials=\(variable.lowercased())"
        }
      }
    }

    private static let secret = "LAKE_SECRET"
    private static let request =
      #"{"source_container": "bronzemapspam", "target_container": "silvermapspam", "batch_size": 20}"#

    @Test(arguments: [
      (Site.bucket, Site.bucket), (.directory, .bucket), (.bucket, .directory), (.directory, .azure), (.azure, .bucket),
    ])
    func `copies asset by asset, registers what stands in the target, and is taken back`(from: Site, to: Site) async throws {
      let place = try Place()
      let proxy = from == .bucket && to == .bucket ? try await onOwnThread { try FaultProxy(to: ObjectServer.shared(.ceph).port) } : nil
      let (source, target) = try await onOwnThread {
        (
          try End(from, place, directory: `ingest_collection`.source, proxy: proxy, variable: "LAKE"),
          try End(to, place, directory: "\(place.containers)/silvermapspam", proxy: proxy, variable: from == to ? "LAKE" : "SEA")
        )
      }
      let urls = ["bronzemapspam": source.url, "silvermapspam": target.url]
      var settings: [String: CredentialSetting] = [:]
      var environment: [String: String] = [:]
      for end in [source, target] {
        settings[end.variable.lowercased()] = end.credential
        if end.credential != nil { environment[end.variable] = end.secret }
      }
      let containers = try Containers(
        urls.merging(["sample": "file://\(`ingest_collection`.source)"]) { own, _ in own },
        credentials: Credentials(settings, environment: environment))
      let keys = FileTree(folder: `ingest_collection`.source).paths
      if from != .directory { try await onOwnThread { try Self.fill("bronzemapspam", keys, containers) } }
      let uploaded = proxy?.requests.count ?? 0

      let host = try await place.serve(
        environment.merging([
          "WEIR_CONTAINERS": RawJSON(.object(JSONObject(urls.map { ($0.key, .string($0.value)) }))).text,
          "WEIR_CREDENTIALS": RawJSON(.object(JSONObject(settings.map { ($0.key, $0.value.json) }))).text,
        ]) { $1 })
      let job = try await host.end(of: host.submit("ingest_collection", Self.request))
      #expect(job.state == "completed", "\(job.serialized())")
      let requests = proxy?.requests.dropFirst(uploaded)
      let rasters = keys.filter { $0.hasSuffix(".tif") }
      #expect(job.stage("finalize")["result"]?["registered"]?.intValue == rasters.count / 2)
      let differing = try await onOwnThread { try Self.differing("silvermapspam", rasters, containers) }
      #expect(differing == [])
      let compared = try await Catalogue.compare(place, source: `ingest_collection`.source, collection: "mapspam", prefix: target.prefix)
      #expect(compared.status == 0 && compared.out.contains("0 differences"), "\(compared)")
      if let requests { Self.expectInside(requests, rasters.count) }

      let back = try await host.post("/api/collections/mapspam/unpublish?dry_run=false")
      let id = back.json["job_id"]?.stringValue ?? ""
      let withdrawn = try await host.end(of: id)
      let failures = try await host.failures(of: id)
      #expect(withdrawn.state == "completed", "\(failures.serialized())")
      #expect(try await Catalogue.items("mapspam", in: place.own).isEmpty)
      let left = try await onOwnThread {
        try containers.store(ContainerName("silvermapspam")).list(ListQuery(), cancel: .never).objects.map(\.key.text)
      }
      #expect(left.isEmpty, "\(left)")
      let output = try await host.stop()
      #expect(output.status == 0 && environment.values.allSatisfy { !output.description.contains($0) })
    }

    /// Every asset was copied by the store itself: what went through the host are documents.
    private static func expectInside(_ requests: ArraySlice<PassingRequest>, _ count: Int) {
      let rasters = requests.filter { $0.target.contains(".tif") }
      #expect(rasters.filter { $0.header("x-amz-copy-source") != nil }.count == count)
      #expect(rasters.allSatisfy { $0.method != "GET" && $0.size == 0 || $0.header("range") != nil })
    }

    private static func fill(_ container: String, _ keys: [String], _ containers: Containers) throws {
      try containers.store(ContainerName(container)).makeContainer()
      let elements = keys.map { TransferElement(fromContainer: "sample", fromKey: $0, toContainer: container, toKey: $0) }
      let report = Transfer { name, _ throws(StorageError) in try containers.store(ContainerName(name ?? "")) }.copy(elements)
      #expect(report.done == keys.count && report.failed == [])
    }

    /// The keys whose bytes are not those of the sample.
    private static func differing(_ container: String, _ keys: [String], _ containers: Containers) throws -> [String] {
      let (copy, sample) = (try containers.store(ContainerName(container)), try containers.store(ContainerName("sample")))
      return try keys.filter { try copy.read(ObjectKey($0)).bytes != sample.read(ObjectKey($0)).bytes }
    }

    @Test func `a container that nobody may enter fails the job with the store's reason, and no secret`() async throws {
      let lake = try await onOwnThread { try ObjectServer.shared(.ceph) }
      let place = try Place()
      let host = try await place.serve([
        "WEIR_CONTAINERS": #"{"*": "s3://\#(lake.freshName())/*?endpoint=\#(lake.endpoint)&credentials=lake"}"#,
        "WEIR_CREDENTIALS": #"{"lake": {"key_id": "\#(lake.alice.key)", "secret": {"env": "\#(Self.secret)"}}}"#,
        Self.secret: "not it at all",
      ])
      let id = try await host.submit("ingest_collection", Self.request)
      let job = try await host.end(of: id)
      #expect(job.state == "failed")
      let failures = try await host.failures(of: id).serialized()
      #expect(failures.contains("SignatureDoesNotMatch") && !failures.contains("not it at all"), "\(failures)")
      let output = try await host.stop()
      #expect(!output.description.contains("not it at all"))
    }

    @Test func `weir config says where secrets are, and shows none`() async throws {
      let place = try Place()
      let shown = try await place.weir(
        "config",
        with: ["WEIR_CREDENTIALS": #"{"lake": {"key_id": "AKIA", "secret": {"env": "LAKE_SECRET"}}}"#, Self.secret: "geheimnis"])
      #expect(shown.status == 0 && shown.out.contains(#"{"lake":{"key_id":"AKIA","secret":{"env":"LAKE_SECRET"}}}"#), "\(shown)")
      #expect(!shown.description.contains("geheimnis"))
    }
  }
}
