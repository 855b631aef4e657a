/// Reads one object of a manifest strictly: what is unknown, twice there, missing or of another type is a problem.
///
/// Every accessor answers nil for a member that is absent or wrong; a wrong one has been reported then.
struct ObjectReader {
  let path: ManifestPath
  let log: ProblemLog
  private let offset: Int
  private let members: [LocatedValue.Member]

  /// - Parameters:
  ///   - subject: what the object is, for messages: `a stage`.
  ///   - keys: every member it may have; nil when any name is allowed.
  init?(_ value: LocatedValue, at path: ManifestPath, subject: String, keys: [String]?, log: ProblemLog) {
    guard case .object(let members) = value.content else {
      log.report(value, at: path, "expected an object, got \(value.spoken).", hint: "\(subject.capitalised) belongs here.")
      return nil
    }
    self.path = path
    self.log = log
    self.offset = value.offset
    self.members = members
    if let keys { reportUnknown(subject: subject, keys: keys) }
  }

  private func reportUnknown(subject: String, keys: [String]) {
    let known = keys.filter { $0 != "$schema" }
    for member in members where !keys.contains(member.name) {
      log.report(
        offset: member.offset, at: path[member.name], "unknown key.",
        hint: Suggestion.hint("\(subject.capitalised) has", known, for: member.name))
    }
  }

  var names: [String] { members.map(\.name) }

  func value(_ key: String) -> LocatedValue? { members.last { $0.name == key }?.value }

  /// Reports the member as missing if it is not there.
  func required(_ key: String, hint: String) -> LocatedValue? {
    if let value = value(key) { return value }
    log.report(offset: offset, at: path[key], "is missing.", hint: hint)
    return nil
  }

  func reportWrong(_ key: String, expected: String, hint: String? = nil) {
    guard let value = value(key) else { return }
    log.report(value, at: path[key], "expected \(expected), got \(value.spoken).", hint: hint)
  }

  func string(_ key: String) -> String? {
    guard let value = value(key) else { return nil }
    if case .scalar(.string(let text)) = value.content { return text }
    reportWrong(key, expected: "a string")
    return nil
  }

  func requiredString(_ key: String, hint: String) -> String? {
    required(key, hint: hint) == nil ? nil : string(key)
  }

  func integer(_ key: String) -> Int? {
    guard let value = value(key) else { return nil }
    if case .scalar(let number) = value.content, let integer = number.intValue { return integer }
    reportWrong(key, expected: "a whole number")
    return nil
  }

  func bool(_ key: String) -> Bool? {
    guard let value = value(key) else { return nil }
    if case .scalar(.bool(let value)) = value.content { return value }
    reportWrong(key, expected: "true or false")
    return nil
  }

  func duration(_ key: String) -> Duration? {
    guard value(key) != nil, let text = text(key, expected: "a duration", hint: DurationText.hint) else { return nil }
    if let duration = DurationText.parse(text) { return duration }
    reportWrong(key, expected: "a duration", hint: DurationText.hint)
    return nil
  }

  /// Bytes.
  func size(_ key: String) -> Int? {
    guard value(key) != nil, let text = text(key, expected: "a size", hint: SizeText.hint) else { return nil }
    if let size = SizeText.parse(text) { return size }
    reportWrong(key, expected: "a size", hint: SizeText.hint)
    return nil
  }

  private func text(_ key: String, expected: String, hint: String) -> String? {
    if case .scalar(.string(let text))? = value(key)?.content { return text }
    reportWrong(key, expected: expected, hint: hint)
    return nil
  }

  func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    guard let text = string(key) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    reportWrong(key, expected: Choice.allCases.map(\.rawValue).listed("or"))
    return nil
  }

  func elements(_ key: String, of what: String) -> [(value: LocatedValue, path: ManifestPath)]? {
    guard let value = value(key) else { return nil }
    guard case .array(let elements) = value.content else {
      reportWrong(key, expected: "an array of \(what)")
      return nil
    }
    return elements.enumerated().map { ($1, path[key][$0]) }
  }

  func strings(_ key: String, of what: String) -> [String]? {
    guard let elements = elements(key, of: what) else { return nil }
    return elements.compactMap { value, path in
      if case .scalar(.string(let text)) = value.content { return text }
      log.report(value, at: path, "expected a string, got \(value.spoken).")
      return nil
    }
  }

  func object(_ key: String, subject: String, keys: [String]?) -> ObjectReader? {
    guard let value = value(key) else { return nil }
    return ObjectReader(value, at: path[key], subject: subject, keys: keys, log: log)
  }

  /// Each member of this object, whose names are free, as an object of its own.
  func objects(subject: String, keys: [String]) -> [(name: String, reader: ObjectReader)] {
    members.compactMap { member in
      ObjectReader(member.value, at: path[member.name], subject: subject, keys: keys, log: log).map { (member.name, $0) }
    }
  }
}

extension String {
  fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
