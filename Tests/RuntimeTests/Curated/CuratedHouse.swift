import Database
import Engine
import Foundation
import Runners
import Runtime
import Storage
import Synchronization
import TestSupport
import Testing
import Workflow

/// A house with the real plugin, workflow and manifests of curated datasets, a host that works, and a server that they come from.
final class CuratedHouse: Sendable {
  static let root = String(#filePath.split(separator: "/Tests/RuntimeTests/")[0])
  static let secrets = ["IBAT": "the-key:the-token"]

  let house: House
  let site = SourceSite()
  let guest: GuestDatabase
  let host: HostRuntime
  var engine: Engine { house.engine }

  init() throws {
    house = try House(hasMaps: true)
    let configuration = try #require(house.curated)
    guest = GuestDatabase(configuration)
    try Self.putWorkflow(house.engine)
    var http = HTTPServiceConfiguration(
      environment: Self.secrets, privateAddresses: ["127.0.0.1"].compactMap { NetworkRange($0) }, partials: "\(house.folder.path)/partials")
    let key =
      #"{"http_credentials": {"ibat": {"type": "query", "names": ["auth_key", "auth_token"], "env": "IBAT", "hosts": ["127.0.0.1"], "allow_http": true}}}"#
    http.credentials = try HostConfiguration.load(file: ("weir.json", Array(key.utf8)), environment: [:]).configuration.httpCredentials
    http.tries = Storage.RetryPolicy(attempts: 3, base: .milliseconds(1), cap: .milliseconds(2), patience: .seconds(2))
    http.keepsFrom = 1
    host = try house.host([try Self.plugin(house)], databases: [configuration], http: http)
  }

  deinit { host.stop() }

  private static func putWorkflow(_ engine: Engine) throws {
    let text = try text("workflows/curated_dataset_update.json")
    try engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "curated_dataset_update.json").get(), text: text)
  }

  /// As it comes with Weir, but for servers on this machine, and retries without waits.
  private static func plugin(_ house: House) throws -> LoadedPlugin {
    let programs = RunnerConfiguration.programFolder()
    var text = try text("plugins/curated.json").replacing(#""naciscdn.org","#, with: #""127.0.0.*", "naciscdn.org","#)
    text = text.replacing(#"    "weir.stac/1": { "collections": ["curated_*"] },"#, with: "")  // there is no pgSTAC here
    for wait in ["5s", "10s"] { text = text.replacing("\"backoff\": \"\(wait)\"", with: #""backoff": "1ms""#) }
    for cap in ["5m", "10m", "15m"] { text = text.replacing("\"cap\": \"\(cap)\"", with: #""cap": "1ms""#) }
    return try PluginLoader(runners: house.workshop.runners, pluginPath: programs, program: "\(programs)/weir")
      .load(Array(text.utf8), file: "\(programs)/curated.json")
  }

  static func text(_ manifest: String) throws -> String {
    try String(contentsOf: URL(filePath: "\(root)/manifests/\(manifest)"), encoding: .utf8)
  }

  /// Registers countries as admin0.json has them, but for where they come from and what else is said.
  func register(
    _ path: String = "/countries.zip", url: String? = nil, version: String = #"{"by": "member", "match": "*.VERSION.txt"}"#,
    key: String = #"["adm0_a3"]"#, rows: String = #"{"least": 2, "most": 500, "change": "50%"}"#, strategy: String = "full_replace",
    type: String = "api_bulk_download", keep: Int = 3, more: String = "", config: String = ""
  ) throws {
    let text = """
      {"dataset_id": "lands", "name": "Lands", "source_type": "\(type)", "source_url": "\(url ?? site.url + path)", \(more)
       "source_config": {"version": \(version), "max_size": "20MiB", "missing": ["-99"], "fill": {"iso_a3": ["iso_a3_eh", "adm0_a3"]},
         "key": \(key), "required": ["name"], "rows": \(rows) \(config)},
       "update_strategy": "\(strategy)", "target_table_name": "curated_lands", "license": "CC0-1.0", "attribution": "Those who drew it",
       "keep_versions": \(keep)}
      """
    let definition = try DatasetDefinition.load(bytes: Array(text.utf8), file: "lands.json").get()
    if (try? engine.datasets.dataset("lands")) == nil {  // not there yet
      _ = try engine.datasets.create(definition, by: .system)
    } else {
      _ = try engine.datasets.replace(definition, .any, by: .system)
    }
  }

  /// Puts countries onto the server.
  func serve(
    _ count: Int, release: String, first: Int = 0, renamed: Int = 0, path: String = "/countries.zip", etag: String? = nil,
    modified: String? = nil
  ) throws {
    let file = "\(house.folder.path)/served.zip"
    try MapData.countries(file, count, release: release, first: first, renamed: renamed)
    serve(try Data(contentsOf: URL(filePath: file)), path: path, etag: etag ?? "\"\(release)\"", modified: modified)
  }

  func serve(_ data: Data, path: String = "/countries.zip", etag: String? = nil, modified: String? = nil) {
    site.put(path, .init([UInt8](data), etag: etag, modified: modified))
  }

  /// One update from its request to its end.
  func update(_ id: String = "lands", force: Bool = false, dryRun: Bool = false) async throws -> Update {
    try await onOwnThread { [self] in
      let submitted = try engine.datasets.update(id, force: force, dryRun: dryRun, by: .system)
      host.poke()
      let job = try house.finished(submitted.jobID)
      try engine.datasets.settle()
      return Update(job: job, log: try engine.datasets.history(id).elements.first ?? .null, said: try said(job))
    }
  }

  struct Update: Sendable {
    var job: JobView
    /// The newest entry of the dataset's history.
    var log: JSON
    /// Why it failed.
    var said: String
    var status: String { log["status"]?.stringValue ?? "" }
    func result(_ stage: String) -> JSON { job.stages.first { $0.id == stage }?.result?.parsed() ?? .null }
    var counts: [Int?] {
      ["records_added", "records_updated", "records_deleted", "records_total"].map { log[$0]?.intValue }
    }
  }

  private func said(_ job: JobView) throws -> String {
    // behind "plugin ..., handler ..., task 1/stage/0: "
    try job.stages.flatMap { try house.messages(job.id, $0.id) }.map {
      $0.split(separator: "/0: ", maxSplits: 1).last.map(String.init) ?? $0
    }
    .joined(separator: "; ")
  }

  /// What readers get, as the role that owns the tables.
  func rows(_ sql: String) throws -> [[String?]] {
    let session = try guest.begin(GuestOptions())
    defer { guest.giveBack(session) }
    let answer = try session.exec(sql, []) { false }
    try session.end(commits: true) { false }
    return (try JSON(parsing: answer.json)["rows"]?.arrayValue ?? []).map { row in (row.arrayValue ?? []).map { $0.stringValue } }
  }

  func texts(_ sql: String) throws -> [String] { try rows(sql).map { $0.first.flatMap { $0 } ?? "" } }

  /// Files of the container, by key.
  var downloads: [String] {
    get throws {
      // none was made before the first download
      let all = (try? FileManager.default.subpathsOfDirectory(atPath: "\(house.folder.path)/curated")) ?? []
      return all.filter { $0.hasSuffix("/source") || $0.contains("incoming/") }.sorted()
    }
  }
}
