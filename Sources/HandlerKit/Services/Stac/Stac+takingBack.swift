internal import HandlerABI

// What came with ABI 1.1: an older host has none of it.
extension Stac {
  /// What `published` is asked for; see `weir_stac` in `weir/handler.h` for what each gives.
  public enum Published: String, Sendable {
    case summary, items, others, left, objects
  }

  /// One page of what stands registered.
  /// - Parameter after: "next" of the page before.
  public func published(
    _ what: Published, of collection: String, after: String? = nil, limit: Int? = nil
  ) throws(HandlerError) -> JSONText {
    let options = JSONText.object([
      "what": JSONText(what.rawValue), "after": after.map { JSONText($0) }, "limit": limit.map { JSONText($0) },
    ])
    return try report("list \(what.rawValue) of \(collection)", \.published, collection, options)
  }

  /// Calls `body` with each page in turn, until there is none.
  public func eachPage(
    _ what: Published, of collection: String, _ body: (JSONText) throws(HandlerError) -> Void
  ) throws(HandlerError) {
    var after: String?
    repeat {
      let page = try published(what, of: collection, after: after)
      try body(page)
      after = page["next"]?.string
    } while after != nil
  }

  /// Removes the collection if nothing is left in it, and its catalogue entries.
  /// - Parameter forgetsObjects: no object was left behind: what is known of them may go.
  public func withdraw(_ collection: String, forgetsObjects: Bool) throws(HandlerError) -> JSONText {
    try report("withdraw \(collection)", \.withdraw, collection, .object(["forget": JSONText(forgetsObjects)]))
  }

  private typealias Call =
    @convention(c) (
      UnsafeMutablePointer<weir_task>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafeMutablePointer<weir_bytes>?
    ) -> weir_status

  private func report(
    _ name: @autoclosure () -> String, _ call: KeyPath<weir_stac, Call?>, _ collection: String, _ options: JSONText
  ) throws(HandlerError) -> JSONText {
    let (pointer, table) = try task.door(.stac, as: weir_stac.self)
    guard Int(table.pointee.struct_size) >= MemoryLayout<weir_stac>.size, let function = table.pointee[keyPath: call] else {
      throw HandlerError(.unsupported, "\(name()): this weir is older than ABI 1.1. Update it.")
    }
    var out = weir_bytes()
    let status = HostBytes.lend(options.text) { function(pointer, collection, $0, &out) }
    try task.require(status, name())
    do {
      return try JSONText(validating: task.take(&out))
    } catch {
      throw HandlerError(.failed, "\(name()): the host's answer is not JSON: \(error)")
    }
  }
}
