internal import Workflow

/// Takes the members of an options object one by one and refuses what is left over.
struct OptionsReader {
  private var rest: [(key: String, value: RawJSON)] = []
  private let subject: String

  /// `text` nil stands for all defaults.
  init(_ text: String?, _ subject: String) throws(StorageError) {
    self.subject = subject
    guard let text else { return }
    let options: RawJSON
    do throws(JSONSyntaxError) { options = try RawJSON(validating: text) } catch {
      throw StorageError(.invalid("the options are no JSON: \(error.message)"), subject)
    }
    guard options.kind == .object else { throw StorageError(.invalid("the options are no JSON object"), subject) }
    var members: [(key: String, value: RawJSON)] = []
    options.forEachMember { member in members.append(member) }
    rest = members
  }

  /// Nil when the option is absent or null.
  mutating func string(_ key: String) throws(StorageError) -> String? {
    guard let value = take(key) else { return nil }
    guard let text = value.string else { throw wrong(key, "a string", value) }
    return text
  }

  mutating func int(_ key: String) throws(StorageError) -> Int? {
    guard let value = take(key) else { return nil }
    guard let number = value.int else { throw wrong(key, "a whole number", value) }
    return number
  }

  mutating func bool(_ key: String) throws(StorageError) -> Bool? {
    guard let value = take(key) else { return nil }
    guard let flag = value.bool else { throw wrong(key, "true or false", value) }
    return flag
  }

  /// - Throws: `.unsupported` naming an option that nobody took.
  func finish(known: String) throws(StorageError) {
    guard let key = rest.first?.key else { return }
    throw StorageError(.unsupported("there is no option \"\(key)\" here, only \(known)"), subject)
  }

  private mutating func take(_ key: String) -> RawJSON? {
    guard let index = rest.lastIndex(where: { $0.key == key }) else { return nil }
    let value = rest[index].value
    rest.removeAll { $0.key == key }
    return value.isNull ? nil : value
  }

  private func wrong(_ key: String, _ expected: String, _ value: RawJSON) -> StorageError {
    StorageError(.invalid("option \"\(key)\" is \(value.text.prefix(40)), expected is \(expected)"), subject)
  }
}
