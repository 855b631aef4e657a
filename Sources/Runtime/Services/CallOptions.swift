import Workflow

/// The members of an options or request object, taken one by one; what is left over is refused.
struct CallOptions {
  private var rest: [(key: String, value: RawJSON)] = []
  private let subject: String

  /// - Parameters:
  ///   - text: nil stands for all defaults.
  ///   - subject: what messages call the object: "options", "request".
  init(_ text: String?, _ subject: String) throws(ServiceFault) {
    self.subject = subject
    guard let text else { return }
    let object: RawJSON
    do throws(JSONSyntaxError) { object = try RawJSON(validating: text) } catch {
      throw ServiceFault(ServiceFault.invalid, "\(subject): no JSON: \(error.message)")
    }
    guard object.kind == .object else { throw ServiceFault(ServiceFault.invalid, "\(subject): no JSON object") }
    var members: [(key: String, value: RawJSON)] = []
    object.forEachMember { member in members.append(member) }
    rest = members
  }

  /// Nil when the member is absent or null.
  mutating func string(_ key: String) throws(ServiceFault) -> String? {
    guard let value = take(key) else { return nil }
    guard let text = value.string else { throw wrong(key, "a string", value) }
    return text
  }

  mutating func bool(_ key: String) throws(ServiceFault) -> Bool? {
    guard let value = take(key) else { return nil }
    guard let flag = value.bool else { throw wrong(key, "true or false", value) }
    return flag
  }

  mutating func count(_ key: String) throws(ServiceFault) -> Int? {
    guard let value = take(key) else { return nil }
    guard let number = value.int, number > 0 else { throw wrong(key, "a whole number above 0", value) }
    return number
  }

  /// An object of strings, in its order.
  mutating func strings(_ key: String) throws(ServiceFault) -> [(name: String, value: String)] {
    guard let value = take(key) else { return [] }
    guard value.kind == .object else { throw wrong(key, "an object of strings", value) }
    var members: [(key: String, value: RawJSON)] = []
    value.forEachMember { member in members.append(member) }
    var texts: [(name: String, value: String)] = []
    for member in members {
      guard let text = member.value.string else { throw wrong("\(key)/\(member.key)", "a string", member.value) }
      texts.append((member.key, text))
    }
    return texts
  }

  /// - Throws: status `WEIR_UNSUPPORTED` for a member that nobody took.
  func finish(known: String) throws(ServiceFault) {
    guard let key = rest.first?.key else { return }
    throw ServiceFault(ServiceFault.unsupported, "\(subject): there is no member \"\(key)\", only \(known)")
  }

  private mutating func take(_ key: String) -> RawJSON? {
    guard let index = rest.lastIndex(where: { $0.key == key }) else { return nil }
    let value = rest[index].value
    rest.removeAll { $0.key == key }
    return value.isNull ? nil : value
  }

  private func wrong(_ key: String, _ expected: String, _ value: RawJSON) -> ServiceFault {
    ServiceFault(ServiceFault.invalid, "\(subject): \"\(key)\" is \(value.text.prefix(40)), expected is \(expected)")
  }
}
