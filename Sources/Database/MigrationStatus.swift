public import FoundationEssentials

/// How a database's schema and this program's migrations relate.
public struct MigrationStatus: Sendable {
  /// A migration that the database has.
  public struct Applied: Sendable, Hashable {
    public let number: Int
    public let name: String
    /// SHA-256 of its SQL, in hexadecimal.
    let checksum: String
    public let appliedAt: Date
  }

  public let applied: [Applied]
  /// What this program has and the database has not, in order.
  public let pending: [Migration]
  /// Why the two do not fit; nil when `pending` may be run.
  public let conflict: DatabaseError?

  init(applied: [Applied], known: [Migration], checksums: [Int: String]) {
    self.applied = applied
    let numbers = Set(applied.map(\.number))
    pending = known.filter { !numbers.contains($0.number) }
    conflict = Self.conflict(applied: applied, known: known, pending: pending, checksums: checksums)
  }

  private static func conflict(
    applied: [Applied], known: [Migration], pending: [Migration], checksums: [Int: String]
  ) -> DatabaseError? {
    let last = known.last?.number ?? 0
    if let newest = applied.last, newest.number > last {
      return DatabaseError(
        .migration(
          "the database is newer than this weir: it has migration \(newest.number) (\(newest.name)), this weir knows up to \(last).",
          hint: "Update weir on this host to the version that the other hosts run."))
    }
    let byNumber = Dictionary(uniqueKeysWithValues: known.map { ($0.number, $0) })
    for done in applied {
      guard let migration = byNumber[done.number], migration.name == done.name else {
        return DatabaseError(
          .migration(
            "the database has migration \(done.number) (\(done.name)), which this weir does not have.",
            hint: "The database belongs to another build of weir: use that build, or another database."))
      }
      if checksums[done.number] != done.checksum {
        return DatabaseError(
          .migration(
            "migration \(migration.title) was changed after the database had run it.",
            hint: "Restore its SQL, and put the change into a new migration."))
      }
    }
    if let first = pending.first, let newest = applied.last, first.number < newest.number {
      return DatabaseError(
        .migration(
          "migration \(first.title) comes before \(newest.number) (\(newest.name)), which the database has already.",
          hint: "Give it a number after \(newest.number)."))
    }
    return nil
  }
}
