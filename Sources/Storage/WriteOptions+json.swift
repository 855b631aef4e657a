extension WriteOptions {
  /// Reads `{"if_exists","if_match","sha256","type"}`; what is absent stays as in `base`.
  ///
  /// - Throws: `.unsupported` for an option that is not known, `.invalid` for a value that cannot be.
  public init(
    json text: String?, over base: WriteOptions = WriteOptions(), subject: String
  ) throws(StorageError) {
    var reader = try OptionsReader(text, subject)
    self = base
    try read(&reader, subject)
    try reader.finish(known: Self.known)
  }

  /// Reads the options of a batch copy, which may have `{"heads": true, "collection": "id"}` besides.
  public static func ofCopy(
    json text: String?, subject: String
  ) throws(StorageError) -> (WriteOptions, wantsHeads: Bool, collection: String?) {
    var reader = try OptionsReader(text, subject)
    var options = WriteOptions()
    try options.read(&reader, subject)
    let wantsHeads = try reader.bool("heads") ?? false
    let collection = try reader.string("collection")
    try reader.finish(known: known + ", heads, collection")
    return (options, wantsHeads, collection)
  }

  /// Checks the options of `make_container`, which has none.
  public static func checkNone(json text: String?, subject: String) throws(StorageError) {
    try OptionsReader(text, subject).finish(known: "{}")
  }

  private static let known = "if_exists, if_match, sha256, type"

  private mutating func read(_ reader: inout OptionsReader, _ subject: String) throws(StorageError) {
    if let text = try reader.string("if_exists") {
      guard let value = Existing(rawValue: text) else {
        let known = Existing.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw StorageError(.invalid("if_exists is \"\(text)\", it can be \(known)"), subject)
      }
      ifExists = value
    }
    ifMatch = try reader.string("if_match") ?? ifMatch
    if let text = try reader.string("sha256") {
      guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else {
        throw StorageError(.invalid("sha256 is \"\(text)\", expected are 64 hex digits"), subject)
      }
      sha256 = text.lowercased()
    }
    if let text = try reader.string("type") {
      guard text.contains("/"), (3...200).contains(text.utf8.count) else {
        throw StorageError(.invalid("type is \"\(text)\", expected is a media type such as \"image/tiff\""), subject)
      }
      type = text
    }
  }
}
