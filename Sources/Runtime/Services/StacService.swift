import Engine
import Runners
import Workflow

/// `weir.stac/1`: the STAC registry, as far as the operator granted its collections.
struct StacService: Sendable {
  let stac: Stac

  func answer(_ call: ServiceCall, grants: Grants, from origin: Origin) {
    Self.answer(call) { try serve(call, origin, StacGrant(collections: grants.stac?.collections ?? [])) }
  }

  /// Answers the one call that needs no registry.
  static func check(_ call: ServiceCall) {
    answer(call) {
      var reader = call.reader
      let documents = Array(try reader.bytes() ?? [])
      reply(call, try Stac.check(documents, options: try reader.text()))
    }
  }

  private static func answer(_ call: ServiceCall, _ serve: () throws -> Void) {
    do {
      try serve()
    } catch let error as StacError {
      call.refuse(error.hint.map { "\(error.message) \($0)" } ?? error.message, status: error.status.rawValue)
    } catch let error as FrameError {
      call.refuse(error.message, status: 206)
    } catch {
      call.refuse("\(error)", status: 200)
    }
  }

  private func serve(_ call: ServiceCall, _ origin: Origin, _ grant: StacGrant) throws {
    var reader = call.reader
    switch call.code {
    case .check: Self.check(call)
    case .putCollection:
      let document = Array(try reader.bytes() ?? [])
      try grant.check(RawJSON(lenient: document)?.member("id")?.string)
      Self.reply(call, try stac.putCollection(document, options: try reader.text(), by: origin))
    case .prepare:
      let collection = try grant.checked(try reader.requiredText("collection"))
      let intervals = Array(try reader.bytes() ?? [])
      try stac.prepare(collection, intervals: intervals, options: try reader.text())
      call.reply()
    case .putItems:
      let collection = try grant.checked(try reader.requiredText("collection"))
      let items = Array(try reader.bytes() ?? [])
      let options = try reader.text()
      Self.reply(call, try stac.putItems(collection, items: items, options: options, by: origin, cancel: { call.isCancelled }))
    case .removeItems:
      let collection = try grant.checked(try reader.requiredText("collection"))
      Self.reply(call, try stac.removeItems(collection, ids: Array(try reader.bytes() ?? [])))
    case .finish:
      let collection = try grant.checked(try reader.requiredText("collection"))
      Self.reply(call, try stac.finish(collection, options: try reader.text(), jobID: origin.jobID).json)
    case .published:
      let collection = try grant.checked(try reader.requiredText("collection"))
      Self.reply(call, try stac.published(collection, options: try reader.text(), jobID: origin.jobID))
    case .withdraw:
      let collection = try grant.checked(try reader.requiredText("collection"))
      Self.reply(call, try stac.withdraw(collection, options: try reader.text(), jobID: origin.jobID))
    default: call.refuse("\(call.name) is no call of weir.stac/1")
    }
  }

  private static func reply(_ call: ServiceCall, _ report: StacReport) {
    guard !report.failed.isEmpty else { return reply(call, report.json) }
    let status: Int32 = report.isWorthRetrying ? 107 : 207
    let reason: JSON = [
      "call": .string(call.name), "status": JSON(Int(status)),
      "message": .string("\(report.failed.count) of the batch failed"),
    ]
    var fields = FrameWriter()
    fields.bytes(report.json.serialized().utf8)
    call.reply(status: status, lastError: RawJSON(reason), fields: fields)
  }

  private static func reply(_ call: ServiceCall, _ json: JSON) {
    var fields = FrameWriter()
    fields.bytes(json.serialized().utf8)
    call.reply(fields: fields)
  }
}

/// The collections that a plugin may write.
private struct StacGrant {
  let collections: [NamePattern]

  func check(_ id: String?) throws(StacError) {
    // a document without an id is refused by the registry, which says where and why
    if let id { _ = try checked(id) }
  }

  func checked(_ id: String) throws(StacError) -> String {
    guard collections.match(id) else {
      throw StacError(.unsupported("the plugin's manifest does not grant weir.stac/1 for it"), "collection \"\(id)\"")
    }
    return id
  }
}

extension RawJSON {
  /// Nil when the bytes are no JSON.
  fileprivate init?(lenient bytes: [UInt8]) {
    do throws(JSONSyntaxError) { try self.init(validating: bytes) } catch { return nil }
  }
}
