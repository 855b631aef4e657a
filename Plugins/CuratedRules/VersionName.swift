/// How the tables of versions are called, and how names and texts are written in statements.
package enum VersionName {
  /// The column that a table without a key of its own is known by.
  package static let ownKey = "row_number"

  /// The table of a version that is not current, without its schema.
  package static func table(_ target: String, _ version: Int) -> String { "\(target)_v\(version)" }

  package static func place(_ table: String) -> String { "geo.\(quoted(table))" }

  package static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

  package static func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
