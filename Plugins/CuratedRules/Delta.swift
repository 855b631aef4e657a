/// How many rows are new, another and gone: by their key, and by their content.
package struct Delta: Sendable, Equatable {
  package var added = 0, updated = 0, deleted = 0

  package init(added: Int = 0, updated: Int = 0, deleted: Int = 0) {
    self.added = added
    self.updated = updated
    self.deleted = deleted
  }

  /// How rows of a new table `n` are found in an old one `o`.
  package enum Match: Equatable {
    /// Where this holds.
    case key(String)
    /// By nothing but what stands in them: a row that changed is one that is gone and one that is new.
    case content
  }

  /// - Parameter keys: the columns that no two rows have alike; sources change the types of these.
  package static func match(_ keys: [String], new: [TableColumn], old: [TableColumn]) -> Match {
    let pairs = keys.map { key in (new: new.first { $0.name == key }, old: old.first { $0.name == key }) }
    guard !pairs.isEmpty, pairs.allSatisfy({ $0.new != nil && $0.old != nil }) else { return .content }
    let parts = zip(keys, pairs).map { key, pair in
      let cast = pair.new?.type == pair.old?.type ? "" : "::text"
      return "n.\(VersionName.quoted(key))\(cast) = o.\(VersionName.quoted(key))\(cast)"
    }
    return .key(parts.joined(separator: " AND "))
  }
}
