/// How a dataset's source is read, and what a version of it must be like: `source_config` of a dataset.
public struct DatasetSource: Sendable, Hashable {
  /// What tells one version of the source from the next.
  public enum VersionBy: String, Sendable, CaseIterable {
    case etag
    case lastModified = "last_modified"
    /// SHA-256 of what was downloaded.
    case content
    /// The text at `url`.
    case file
    /// The text of a file in the archive, whose name fits `match`.
    case member
    /// What the source answers with; see `answer`.
    case answer
    /// The month that `source_url` names.
    case release
  }

  public enum Geometry: String, Sendable, CaseIterable {
    case point, multipoint, multilinestring, multipolygon
    /// Of any kind, as the source has it; none at all is allowed, too.
    case any
  }

  /// Where a JSON answer says what to download, as JSON Pointers.
  public struct Answer: Sendable, Hashable {
    public var url: String
    public var version: String?
  }

  public var versionBy = VersionBy.etag
  /// For `file`.
  public var versionURL: String?
  /// For `member`: a name, in which `*` stands for anything.
  public var versionMatch: String?
  public var answer: Answer?
  /// The most that is downloaded, in bytes.
  public var maxSize = 10 << 30
  /// Names of the layers to read, in which `*` stands for anything; all of them go into one table. Empty: every layer.
  public var layers: [String] = []
  public var geometry = Geometry.multipolygon
  /// Types of columns by name, where what the source has for one differs from release to release.
  public var types: [String: String] = [:]
  /// Texts that stand for no value, such as `-99`.
  public var missing: [String] = []
  /// By column: those whose value it gets, the first that has one, where it has none.
  public var fill: [String: [String]] = [:]
  /// Columns that no two rows have alike.
  public var key: [String] = []
  /// Columns that must be there.
  public var required: [String] = []
  public var leastRows = 1
  public var mostRows: Int?
  /// By how much the number of rows may differ from that of the version before; nil: by anything.
  public var maxChange: Double?

  /// What a column may be.
  public static let columnTypes = ["bigint", "boolean", "date", "double precision", "integer", "text", "timestamp with time zone"]

  public init() {}

  public var json: JSON {
    var version = JSONObject([("by", .string(versionBy.rawValue))])
    if let versionURL { version.append("url", .string(versionURL)) }
    if let versionMatch { version.append("match", .string(versionMatch)) }
    var object = JSONObject([("version", .object(version))])
    if let answer {
      object.append(
        "answer", .object(JSONObject([("url", .string(answer.url))] + (answer.version.map { [("version", .string($0))] } ?? []))))
    }
    object.append("max_size", .string(SizeText.text(of: maxSize)))
    if !layers.isEmpty { object.append("layers", .array(layers.map(JSON.string))) }
    object.append("geometry", .string(geometry.rawValue))
    if !types.isEmpty { object.append("types", .object(JSONObject(types.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))) }
    if !missing.isEmpty { object.append("missing", .array(missing.map(JSON.string))) }
    if !fill.isEmpty {
      let fills = fill.sorted { $0.key < $1.key }.map { ($0.key, JSON.array($0.value.map(JSON.string))) }
      object.append("fill", .object(JSONObject(fills)))
    }
    object.append("key", .array(key.map(JSON.string)))
    if !required.isEmpty { object.append("required", .array(required.map(JSON.string))) }
    var rows = JSONObject([("least", JSON(leastRows))])
    if let mostRows { rows.append("most", JSON(mostRows)) }
    if let maxChange { rows.append("change", Tolerance.percent(maxChange).json) }
    object.append("rows", .object(rows))
    return .object(object)
  }
}
