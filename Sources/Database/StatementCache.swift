/// The statements that one session has prepared, by their text. The one used longest ago leaves when it is full.
struct StatementCache {
  private struct Entry {
    let name: String
    var lastUse: Int
  }

  private var entries: [String: Entry] = [:]
  private var clock = 0
  private let capacity: Int

  init(capacity: Int = 256) {
    self.capacity = capacity
  }

  mutating func name(of text: String) -> String? {
    guard let index = entries.index(forKey: text) else { return nil }
    clock += 1
    entries.values[index].lastUse = clock
    return entries.values[index].name
  }

  mutating func newName() -> String {
    clock += 1
    return "weir_\(clock)"
  }

  mutating func insert(_ text: String, name: String) {
    entries[text] = Entry(name: name, lastUse: clock)
  }

  @discardableResult
  mutating func remove(_ text: String) -> String? {
    entries.removeValue(forKey: text)?.name
  }

  mutating func removeAll() -> [String] {
    defer { entries = [:] }
    return entries.values.map(\.name)
  }

  /// Removes the oldest when no further one has room, and gives its name.
  mutating func evictIfFull() -> String? {
    guard entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
      return nil
    }
    return remove(oldest.key)
  }
}

extension SQL {
  /// Whether the statement has a plan that is worth keeping; DDL and other commands have none.
  var isWorthPreparing: Bool {
    let lines = text.split(separator: "\n").lazy.map { $0.drop { $0 == " " || $0 == "\t" } }
    guard let first = lines.first(where: { !$0.isEmpty && !$0.hasPrefix("--") }) else { return false }
    let word = first.prefix { $0.isLetter || $0 == "(" }.uppercased()
    return ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "VALUES", "MERGE"].contains(word)
  }
}
