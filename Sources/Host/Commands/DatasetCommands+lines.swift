import Workflow

extension DatasetCommands {
  /// `admin0  geo.curated_admin0  version 4 (5.1.1), 241 rows  on "0 2 1 * *"`
  static func line(_ dataset: JSON) -> String {
    func text(_ key: String) -> String { dataset[key]?.stringValue ?? "" }
    var parts = ["\(text("target_schema")).\(text("target_table_name"))"]
    if let version = dataset["current_version"]?.intValue {
      parts.append("version \(version) (\(text("source_version"))), \(Quantity.text(dataset["row_count"]?.intValue ?? 0)) rows")
    } else {
      parts.append("no version yet")
    }
    let isOn = dataset["enabled"]?.boolValue == true
    let isManual = text("source_type") == "manual"
    let schedule = dataset["update_schedule"]?.stringValue ?? (isManual ? nil : "0 2 * * *")
    let zone = dataset["update_zone"]?.stringValue.map { " \($0)" } ?? ""
    parts.append(schedule.map { "\(isOn ? "on" : "off") \"\($0)\"\(zone)" } ?? "no schedule")
    if let job = dataset["running_job_id"]?.stringValue { parts.append("job \(job) updates it") }
    return "\(text("dataset_id").padded(to: 24)) \(parts.joined(separator: "  "))"
  }

  static func line(ofUpdate update: JSON) -> String {
    func text(_ key: String) -> String { update[key]?.stringValue ?? "" }
    var parts = [text("started_at"), text("update_type"), text("status") + (update["dry_run"]?.boolValue == true ? " (dry run)" : "")]
    if let job = update["job_id"]?.stringValue { parts.append("job \(job)") }
    if let version = update["version"]?.intValue { parts.append("version \(version) (\(text("source_version")))") }
    let counts = ["added", "updated", "deleted"].compactMap { kind in
      update["records_\(kind)"]?.intValue.map { "\(Quantity.text($0)) \(kind)" }
    }
    if !counts.isEmpty { parts.append(counts.joined(separator: ", ")) }
    if let reason = update["error_message"]?.stringValue { parts.append(reason) }
    return parts.joined(separator: "  ")
  }

  static func line(ofVersion version: JSON) -> String {
    let number = version["version"]?.intValue ?? 0
    let parts = [
      "version \(number)", version["state"]?.stringValue ?? "", version["source_version"]?.stringValue ?? "",
      "\(Quantity.text(version["row_count"]?.intValue ?? 0)) rows", version["loaded_at"]?.stringValue ?? "",
    ]
    return parts.joined(separator: "  ")
  }
}
