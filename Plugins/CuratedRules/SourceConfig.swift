/// How a dataset's source is read, and what a version of it must be like.
package struct SourceConfig: Decodable, Sendable {
  package struct Version: Decodable, Sendable {
    package var by: String
    package var url: String?
    package var match: String?
  }

  /// JSON Pointers into what the source answers.
  package struct Answer: Decodable, Sendable {
    package var url: String
    package var version: String?
  }

  package struct Rows: Decodable, Sendable {
    package var least: Int?
    package var most: Int?
    /// Such as `10%`.
    package var change: String?
  }

  package var version: Version?
  package var answer: Answer?
  package var max_size: String?
  package var layers: [String]?
  package var geometry: String?
  package var types: [String: String]?
  package var missing: [String]?
  package var fill: [String: [String]]?
  package var key: [String]?
  package var required: [String]?
  package var rows: Rows?

  package var versionBy: String { version?.by ?? "etag" }
  package var kind: String { geometry ?? "multipolygon" }
  package var keyColumns: [String] { key ?? [] }

  /// In bytes.
  package var mostBytes: Int { max_size.flatMap(Self.bytes) ?? 10 << 30 }

  /// By how much the number of rows may differ, as a fraction.
  package var mostChange: Double? { rows?.change.flatMap { Double($0.dropLast()) }.map { $0 / 100 } }

  package static func bytes(_ text: String) -> Int? {
    let units = [
      "B": 1, "kB": 1000, "KiB": 1 << 10, "MB": 1_000_000, "MiB": 1 << 20, "GB": 1_000_000_000, "GiB": 1 << 30,
      "TB": 1_000_000_000_000, "TiB": 1 << 40,
    ]
    let digits = text.prefix { $0.isNumber }
    guard let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else { return nil }
    let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit)
    return isTooLarge ? nil : bytes
  }
}
