import Database
import Engine
import FoundationEssentials
import Glibc
import TestSupport

/// What a host finds around it: a database of its own, manifests, containers.
struct Place: Sendable {
  /// The repository.
  static let root: String = #filePath.split(separator: "/Tests/SystemTests/")[0].description

  let folder = TemporaryFolder()
  let own: TestDatabase
  private let sources: [String: String]

  var manifests: String { folder.path + "/manifests" }
  var containers: String { folder.path + "/containers" }

  /// - Parameters:
  ///   - plugins: fixtures of the tests by name, such as Noop.
  ///   - workflows: definitions, besides the project's own.
  ///   - sources: containers that stand elsewhere.
  init(plugins: [TestPlugin] = [], workflows: [String] = [], sources: [String: String] = [:]) throws {
    own = try TestDatabase.make(.installed)
    self.sources = sources
    for path in [manifests, manifests + "/plugins", manifests + "/workflows", containers] { mkdir(path, 0o755) }
    for file in ["plugins/ingest.json", "workflows/ingest_collection.json", "workflows/unpublish_collection.json"] {
      write("manifests/\(file)", RunningProgram.text("\(Self.root)/manifests/\(file)"))
    }
    for plugin in plugins { write("manifests/plugins/\(plugin.rawValue).json", plugin.manifest) }
    for (index, workflow) in workflows.enumerated() { write("manifests/workflows/test-\(index).json", workflow) }
  }

  /// Writes a file below the folder.
  func write(_ path: String, _ text: String) {
    guard let file = fopen("\(folder.path)/\(path)", "w") else { preconditionFailure("\(path): \(String(cString: strerror(errno)))") }
    fputs(text, file)
    fclose(file)
  }

  /// Copies a file, with another text of the same length in it.
  func copy(_ file: String, to copy: String, replacing old: String, by new: String) throws {
    var bytes = Array(try Data(contentsOf: URL(filePath: file)))
    while let range = bytes.firstRange(of: Array(old.utf8)) { bytes.replaceSubrange(range, with: Array(new.utf8)) }
    try Data(bytes).write(to: URL(filePath: copy))
  }

  var environment: [String: String] {
    var places = sources.map { "\"\($0)\": \"file://\($1)\"" }
    places.append("\"*\": \"file://\(containers)/*\"")
    return [
      "WEIR_DATABASE_URL": own.url, "WEIR_LISTEN": "127.0.0.1:0", "WEIR_MANIFESTS": manifests,
      "WEIR_CONTAINERS": "{\(places.joined(separator: ", "))}", "WEIR_FOLDER": "\(folder.path)/weir", "WEIR_RUNNERS": "2",
    ]
  }

  /// `weir serve`, ready for requests.
  func serve(_ more: [String: String] = [:]) async throws -> ServedHost {
    try await ServedHost(try program(["serve"], more), token: more["WEIR_TOKEN"])
  }

  /// A command of `weir` from start to end.
  func weir(_ arguments: String..., with more: [String: String] = [:]) async throws -> Output {
    try await weir(arguments, with: more)
  }

  func weir(_ arguments: [String], with more: [String: String] = [:]) async throws -> Output {
    try await program(arguments, more).end()
  }

  /// Submits past HTTP, once some host has said what handlers there are.
  func submit(_ workflow: String, _ params: String, notBefore: Double? = nil) async throws -> Int64 {
    try await onOwnThread { [own] in
      let database = Database(DatabaseConfiguration(url: own.url, poolSize: 2, settings: Engine.settings))
      return try Engine(database: database).jobs.submit(
        Submission(workflow: workflow, params: Array(params.utf8), notBefore: notBefore), by: .system
      ).jobID
    }
  }

  /// Waits until a statement's number is so large, also while sessions are cut, and answers it.
  func number(_ statement: SQL, atLeast least: Int, within seconds: Int = 60) async throws -> Int {
    try await onOwnThread { [own] in
      var found = 0
      try until(within: seconds) {
        do {
          found = try own.database.withConnection { try $0.query(statement).one().int(0) }
        } catch let error as DatabaseError where error.isUnreachable {}
        return found >= least
      }
      return found
    }
  }

  func program(_ arguments: [String], _ more: [String: String] = [:]) throws -> RunningProgram {
    try RunningProgram(arguments, environment: environment.merging(more) { $1 })
  }
}

/// A handler library of the tests, with its manifest.
enum TestPlugin: String, Sendable {
  case noop, broken, caller

  private var handlers: [String] {
    switch self {
    case .noop: ["run", "echo", "emit", "sleep", "reject"]
    case .caller: ["threads", "read", "granted", "leave", "copy", "remember", "note", "session", "leave_all", "request"]
    case .broken:
      [
        "segfault", "abort", "exit", "stack", "spin", "hog", "child", "afterwards", "throw", "close_all", "garbage", "forged", "late",
        "large_result",
        "bad_json", "bad_utf8", "deep_json", "bad_item", "flood", "status", "emit_after_fail", "print", "mess", "thief", "picky",
      ]
    }
  }

  /// What else its manifest says.
  private var more: String {
    guard self == .caller else { return "" }
    return #"""
      , "grants": {"weir.storage/1": {"write": ["ledger"]}}, "metrics": [
        {"name": "noted", "unit": "tasks", "aggregate": "sum", "label": "Noted"},
        {"name": "noted_numbers", "unit": "1", "aggregate": "sum", "label": "Numbers of what is noted"},
        {"name": "noted_highest", "unit": "1", "aggregate": "max", "label": "Highest of them"}]
      """#
  }

  var manifest: String {
    let library = rawValue.prefix(1).uppercased() + rawValue.dropFirst()
    let entries = handlers.map { #""\#(rawValue).\#($0)": {"retry": {"attempts": 2, "backoff": "10ms", "cap": "20ms"}}"# }
    return
      #"{"id": "org.weir.\#(rawValue)", "version": "1.0.0", "abi": 1, "library": "\#(library)", "handlers": {\#(entries.joined(separator: ", "))}\#(more)}"#
  }
}

extension TestTemplate {
  /// A database as `weir db migrate` leaves it.
  static let installed = TestTemplate("installed") { try Installation($0).install() }
}
