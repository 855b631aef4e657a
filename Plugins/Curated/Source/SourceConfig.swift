/// How a dataset's source is read, and what a version of it must be like.
struct SourceConfig: Decodable, Sendable {
  struct Version: Decodable, Sendable {
    var by: String
    var url: String?
    var match: String?
  }

  /// JSON Pointers into what the source answers.
  struct Answer: Decodable, Sendable {
    var url: String
    var version: String?
  }

  struct Rows: Decodable, Sendable {
    var least: Int?
    var most: Int?
    /// Such as `10%`.
    var change: String?
  }

  var version: Version?
  var answer: Answer?
  var max_size: String?
  var layers: [String]?
  var geometry: String?
  var types: [String: String]?
  var missing: [String]?
  var fill: [String: [String]]?
  var key: [String]?
  var required: [String]?
  var rows: Rows?

  var versionBy: String { version?.by ?? "etag" }
  var kind: String { geometry ?? "multipolygon" }
  var keyColumns: [String] { key ?? [] }

  /// In bytes.
  var mostBytes: Int { max_size.flatMap(Self.bytes) ?? 10 << 30 }

  /// By how much the number of rows may differ, as a fraction.
  var mostChange: Double? { rows?.change.flatMap { Double($0.dropLast()) }.map { $0 / 100 } }

  static func bytes(_ text: String) -> Int? {
    let units = [
      "B": 1, "kB": 1000, "KiB": 1 << 10, "MB": 1_000_000, "MiB": 1 << 20, "GB": 1_000_000_000, "GiB": 1 << 30,
      "TB": 1_000_000_000_000, "TiB": 1 << 40,
    ]
    let digits = text.prefix { $0.isNumber }
    return Int(digits).flatMap { number in units[String(text.dropFirst(digits.count))].map { number * $0 } }
  }
}
