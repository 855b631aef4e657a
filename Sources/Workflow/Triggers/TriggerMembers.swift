/// Reads the members of an object of a trigger's settings.
struct TriggerMembers {
  private let object: JSONObject
  private let place: String

  init(_ json: JSON, at place: String) throws(TriggerSettings.Fault) {
    guard let object = json.objectValue else { throw TriggerSettings.Fault(message: "\(place): expected an object") }
    self.object = object
    self.place = place
  }

  private func fault(_ key: String, _ what: String) -> TriggerSettings.Fault {
    TriggerSettings.Fault(message: "\(place.isEmpty ? "" : "\(place).")\(key): \(what)")
  }

  subscript(key: String) -> JSON? { object[key].flatMap { $0 == .null ? nil : $0 } }

  func finish(_ known: [String]) throws(TriggerSettings.Fault) {
    guard let stranger = object.members.first(where: { !known.contains($0.key) }) else { return }
    throw fault(String(stranger.key.prefix(100)), "unknown key; there are \(known.joined(separator: ", "))")
  }

  func text(_ key: String) throws(TriggerSettings.Fault) -> String? {
    guard let value = self[key] else { return nil }
    guard let text = value.stringValue, text.utf8.count <= 1024 else { throw fault(key, "expected a string of at most 1024 bytes") }
    return text
  }

  func required(_ key: String) throws(TriggerSettings.Fault) -> String {
    guard let text = try text(key), !text.isEmpty else { throw fault(key, "is missing") }
    return text
  }

  func texts(_ key: String) throws(TriggerSettings.Fault) -> [String]? {
    guard let value = self[key] else { return nil }
    let texts = value.arrayValue?.compactMap(\.stringValue)
    guard let texts, texts.count == value.arrayValue?.count else { throw fault(key, "expected an array of strings") }
    return texts
  }

  func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ fallback: Choice) throws(TriggerSettings.Fault) -> Choice
  where Choice.RawValue == String {
    guard let word = try text(key) else { return fallback }
    guard let choice = Choice(rawValue: word) else {
      throw fault(key, "expected one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  func number(_ key: String, _ fallback: Int, _ range: ClosedRange<Int>) throws(TriggerSettings.Fault) -> Int {
    guard let value = self[key] else { return fallback }
    guard let number = value.intValue, range.contains(number) else {
      throw fault(key, "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func duration(_ key: String, _ fallback: Duration, _ range: ClosedRange<Duration>) throws(TriggerSettings.Fault) -> Duration {
    guard let text = try text(key) else { return fallback }
    guard let duration = DurationText.parse(text), range.contains(duration) else {
      throw fault(
        key, "expected a duration from \(DurationText.text(of: range.lowerBound)) to \(DurationText.text(of: range.upperBound))")
    }
    return duration
  }
}
