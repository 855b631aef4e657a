extension ListQuery {
  /// A query with the options `{"delimiter","limit"}`.
  ///
  /// - Throws: `.unsupported` for an option that is not known, `.invalid` for a value that cannot be.
  public init(prefix: String?, json text: String?, page: String?, subject: String) throws(StorageError) {
    var reader = try OptionsReader(text, subject)
    let delimiter = try reader.string("delimiter")
    let limit = try reader.int("limit") ?? 1000
    try reader.finish(known: "delimiter, limit")
    self.init(prefix: prefix ?? "", delimiter: delimiter, limit: limit, page: page)
  }
}
