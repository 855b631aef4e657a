import HandlerKit

/// The heads of objects as they stand now, read from listings where that is cheaper than asking for each.
struct StandingObjects {
  private let task: Task
  private var containers: [String: ObjectHeads] = [:]

  init(_ task: Task) { self.task = task }

  /// By entry, `{"container","key",...}`; nil for what is gone, with its container or without.
  mutating func heads(of entries: [JSONText]) throws(HandlerError) -> [ObjectHead?] {
    var keys: [String: Set<ExactText>] = [:]
    for entry in entries {
      guard let container = entry["container"]?.string, let key = entry["key"]?.string else { continue }
      keys[container, default: []].insert(ExactText(key))
    }
    var found: [String: [ExactText: ObjectHead]] = [:]
    for (container, keys) in keys { found[container] = try heads(of: keys, in: container) }
    return entries.map { found[$0["container"]?.string ?? ""]?[ExactText($0["key"]?.string ?? "")] }
  }

  private mutating func heads(of keys: Set<ExactText>, in container: String) throws(HandlerError) -> [ExactText: ObjectHead] {
    do {
      return try containers[container, default: ObjectHeads(task.storage, container, prefix: "")].heads(of: keys)
    } catch {
      if error.status == .notFound { return [:] }
      throw error
    }
  }
}
