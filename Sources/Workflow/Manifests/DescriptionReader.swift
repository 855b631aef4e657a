/// Reads one object of what a library says of itself; members that are not known are passed over.
struct DescriptionReader {
  let json: JSON
  let path: ManifestPath

  func string(_ key: String) throws(DescriptionError) -> String? {
    switch json[key] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    case let other?: throw DescriptionError(path[key], "expected a string, got \(other.kind.phrase).")
    }
  }

  func required(_ key: String) throws(DescriptionError) -> String {
    guard let text = try string(key) else { throw DescriptionError(path[key], "is missing.") }
    return text
  }

  func integer(_ key: String) throws(DescriptionError) -> Int? {
    switch json[key] {
    case nil, .null?: return nil
    case let value?:
      guard let number = value.intValue else {
        throw DescriptionError(path[key], "expected a whole number, got \(value.kind.phrase).")
      }
      return number
    }
  }

  /// Nil also for 0, which means: the host's.
  func positive(_ key: String) throws(DescriptionError) -> Int? {
    guard let number = try integer(key), number != 0 else { return nil }
    if number < 0 { throw DescriptionError(path[key], "is negative.") }
    return number
  }

  func strings(_ key: String) throws(DescriptionError) -> [String] {
    guard let value = json[key], !value.isNull else { return [] }
    let texts = value.arrayValue?.map(\.stringValue)
    guard let texts, !texts.contains(nil) else {
      throw DescriptionError(path[key], "expected an array of strings.")
    }
    return texts.compactMap { $0 }
  }

  /// A JSON text in a string, or the value itself.
  func document(_ key: String) throws(DescriptionError) -> JSON? {
    switch json[key] {
    case nil, .null?: return nil
    case .string(let text)?:
      do {
        return try JSON(parsing: text)
      } catch {
        throw DescriptionError(path[key], "not JSON: \(error).")
      }
    case let other?: return other
    }
  }
}
