import Workflow

/// What came of a job, for a person: the last stage's result, and what was left out and why.
struct JobReport {
  let job: JSON
  /// As `/api/jobs/ID/failures` gives it.
  let failures: JSON

  var lines: [String] {
    var lines: [String] = []
    if let error = job["error"]?.stringValue { lines += error.split(separator: "\n").map(String.init) }
    let last = (job["stages"]?.arrayValue ?? []).last { $0["result"]?.objectValue?.members.isEmpty == false }
    if let last, let members = last["result"]?.objectValue?.members {
      lines.append("report of \"\(last["id"]?.stringValue ?? "")\":")
      lines += members.map { "  \($0.key.padded(to: 22)) \($0.value.stringValue ?? $0.value.serialized())" }
    }
    let rejects = failures["rejects"]?.arrayValue ?? []
    if !rejects.isEmpty { lines.append("rejected:") }
    lines += rejects.map { reject in
      "  \(reject["stage"]?.stringValue ?? ""): \(reject["subject"]?.stringValue ?? ""): \(reject["message"]?.stringValue ?? "")"
    }
    let tasks = failures["failed_tasks"]?.arrayValue ?? []
    if !tasks.isEmpty { lines.append("failed tasks:") }
    lines += tasks.map { "  \($0["id"]?.stringValue ?? ""): \($0["message"]?.stringValue ?? $0["outcome"]?.stringValue ?? "")" }
    if failures["cut"]?.boolValue == true { lines.append("  (more: weir job \(job["id"]?.stringValue ?? "") --json)") }
    return lines
  }
}
