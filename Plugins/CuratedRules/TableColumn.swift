/// A column of a curated table.
package struct TableColumn: Sendable, Equatable {
  package var name: String
  /// As PostgreSQL names it.
  package var type: String

  package init(name: String, type: String) { (self.name, self.type) = (name, type) }
}
