import Database
public import Workflow

/// The attempt that wrote something, told so that it is understood when the job is long gone.
public struct Origin: Sendable, Hashable {
  public var jobID: Int64
  public var stage: String
  /// The task's number in its stage.
  public var n: Int
  public var attempt: Int
  public var handler: String
  public var handlerVersion: String
  public var plugin: String
  public var pluginVersion: String
  /// SHA-256 of the library, hexadecimal.
  public var libraryHash: String

  public init(
    jobID: Int64, stage: String, n: Int, attempt: Int, handler: String, handlerVersion: String, plugin: String, pluginVersion: String,
    libraryHash: String
  ) {
    self.jobID = jobID
    self.stage = stage
    self.n = n
    self.attempt = attempt
    self.handler = handler
    self.handlerVersion = handlerVersion
    self.plugin = plugin
    self.pluginVersion = pluginVersion
    self.libraryHash = libraryHash
  }

  init(_ row: Row) throws {
    self.init(
      jobID: Int64(try row.int("job_id")), stage: try row.string("stage"), n: try row.int("n"), attempt: try row.int("attempt"),
      handler: try row.string("handler"), handlerVersion: try row.string("handler_version"), plugin: try row.string("plugin"),
      pluginVersion: try row.string("plugin_version"), libraryHash: try row.string("library_hash"))
  }

  public var taskID: String { "\(jobID)/\(stage)/\(n)" }

  /// The columns that every table of provenance has, and their values in the same order.
  static let columns: SQL = "job_id, stage, n, attempt, handler, handler_version, plugin, plugin_version, library_hash"

  var values: SQL {
    """
    \(jobID)::bigint, \(stage)::text, \(n)::integer, \(attempt)::integer, \(handler)::text, \(handlerVersion)::text, \(plugin)::text,
    \(pluginVersion)::text, \(libraryHash)::text
    """
  }

  /// `{"job_id","task_id","stage","n","attempt","handler","handler_version","plugin","plugin_version","library_hash"}`
  public var members: [(key: String, value: JSON)] {
    [
      ("job_id", .string("\(jobID)")), ("task_id", .string(taskID)), ("stage", .string(stage)), ("n", JSON(n)),
      ("attempt", JSON(attempt)), ("handler", .string(handler)), ("handler_version", .string(handlerVersion)),
      ("plugin", .string(plugin)), ("plugin_version", .string(pluginVersion)), ("library_hash", .string(libraryHash)),
    ]
  }
}
