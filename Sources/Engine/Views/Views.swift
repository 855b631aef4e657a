import Database
import Workflow

/// What is shown of jobs, stages, tasks, items, logs and hosts. Reads only, and never counts rows of a large table.
public final class Views: Sendable {
  let database: Database
  let items: ItemReader
  let secretParams = SecretParams()
  let definitions: Stages

  init(database: Database, items: ItemReader, definitions: Stages) {
    self.database = database
    self.items = items
    self.definitions = definitions
  }

  /// RFC 3339 in UTC, to the millisecond; NULL stays NULL.
  static func time(_ column: SQL) -> SQL {
    "to_char(\(raw: column) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
  }
}

/// One page of a listing.
public struct Page<Element: Sendable>: Sendable {
  public var elements: [Element]
  /// Give it back to get what follows; nil at the end.
  public var next: String?

  public init(elements: [Element], next: String?) {
    self.elements = elements
    self.next = next
  }
}
