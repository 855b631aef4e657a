import Workflow

/// What came of a job, for a person: the last stage's result, and what was left out and why.
struct JobReport {
  private static let longestValue = 120
  /// Of the items that a failed task stood for.
  private static let mostNames = 20

  let job: JSON
  /// As `/api/jobs/ID/failures` gives it.
  let failures: JSON

  var lines: [String] {
    var lines: [String] = []
    if let error = job["error"]?.stringValue { lines += error.split(separator: "\n").map(String.init) }
    lines += result
    let rejects = failures["rejects"]?.arrayValue ?? []
    if !rejects.isEmpty { lines.append("rejected:") }
    lines += rejects.map { reject in
      func text(_ name: String) -> String { reject[name]?.stringValue ?? "" }
      return "  \(text("stage")): \(text("subject")): \(text("message"))"
    }
    let tasks = failures["failed_tasks"]?.arrayValue ?? []
    if !tasks.isEmpty { lines.append("failed tasks:") }
    lines += tasks.flatMap(failed)
    if failures["cut"]?.boolValue == true {
      lines.append("  (and more: GET /api/jobs/\(job["id"]?.stringValue ?? "")/stages/STAGE/rejects)")
    }
    return lines
  }

  private var result: [String] {
    let last = (job["stages"]?.arrayValue ?? []).last { $0["result"]?.objectValue?.members.isEmpty == false }
    guard let last, let members = last["result"]?.objectValue?.members else { return [] }
    let width = members.map(\.key.count).max() ?? 0
    return ["report of \(last["id"]?.stringValue ?? ""):"]
      + members.map { "  \($0.key.padded(to: width))  \(value($0.value, name: $0.key))" }
  }

  private func value(_ value: JSON, name: String) -> String {
    if let number = value.intValue { return name.isOfBytes ? Quantity.bytes(number) : Quantity.text(number) }
    let text = value.stringValue ?? value.serialized()
    return text.count <= Self.longestValue ? text : text.prefix(Self.longestValue) + "..."
  }

  /// A task that failed, and what is missing because of it.
  private func failed(_ task: JSON) -> [String] {
    let why = task["message"]?.stringValue ?? task["outcome"]?.stringValue ?? ""
    let line = "  \(task["id"]?.stringValue ?? ""): \(why)"
    guard let items = task["items"], let count = items["count"]?.intValue, count > 0 else { return [line] }
    let names = (items["values"]?.arrayValue ?? []).prefix(Self.mostNames).map { item in
      let text = item["id"]?.stringValue ?? item.stringValue ?? item.serialized()
      return text.count <= Self.longestValue / 2 ? text : text.prefix(Self.longestValue / 2) + "..."
    }
    let more = count > names.count ? ", and \(Quantity.text(count - names.count)) more" : ""
    return [line, "    missing: \(names.joined(separator: ", "))\(names.isEmpty ? "\(Quantity.text(count)) items" : more)"]
  }
}
