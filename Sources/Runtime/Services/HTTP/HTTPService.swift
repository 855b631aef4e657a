import Runners
import Storage
import Workflow

/// `weir.http/1`: requests to the servers that the operator granted, with the credentials that he named.
final class HTTPService: Sendable {
  private let configuration: HTTPServiceConfiguration
  private let containers: Containers
  private let client: HTTPClient
  private let turns: FairTurns

  /// Whose call it is.
  struct Caller: Sendable {
    /// The same on every attempt; nil: nothing is kept for another.
    var taskID: String?
    /// What servers are told of its trace, unless the handler says something itself.
    var traceparent: String?
    var progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void
  }

  init(_ configuration: HTTPServiceConfiguration, containers: Containers) {
    self.configuration = configuration
    self.containers = containers
    let rule = AddressRule(allowed: configuration.privateAddresses)
    var settings = configuration.settings
    settings.admits = { rule.admits($0) }
    // a client of its own: a connection that was made for a store is never a handler's
    client = HTTPClient(settings)
    turns = FairTurns(width: 8, threads: ServiceThreads(limit: 128))
    if let partials = configuration.partials { Threads.start { PartialFile.clean(partials) } }
  }

  /// Takes one call; answers it later, on a thread of its own. Quick.
  func take(_ call: ServiceCall, grants: Grants, caller: Caller) {
    turns.perform(for: call.token) { [self] in
      do throws(ServiceFault) {
        if call.code == .toObject { try download(call, grants, caller) } else { try request(call, grants.http ?? .init(), caller) }
      } catch {
        call.refuse(error.message, status: error.status, more: error.more)
      }
    }
  }

  private func request(_ call: ServiceCall, _ grant: Grants.HTTP, _ caller: Caller) throws(ServiceFault) {
    var fields = CallFields(call)
    let http = try read(&fields, isDownload: false, grant, caller)
    let answer = try hiding(http) { () throws(ServiceFault) in try conversation(http, call).answer() }
    var out = FrameWriter()
    out.bytes(json(answer.head, http).serialized().utf8)
    out.bytes(answer.body)
    reply(call, answer.fault, out, http)
  }

  private func download(_ call: ServiceCall, _ grants: Grants, _ caller: Caller) throws(ServiceFault) {
    var fields = CallFields(call)
    let http = try read(&fields, isDownload: true, grants.http ?? .init(), caller)
    let container = try fields.text()
    let key = try fields.requiredText("key")
    let text = try fields.text()
    let storage = StorageCall(call, grants: grants.storage ?? .init(), containers: containers, origin: nil)
    let (store, objectKey, options) = try stored { () throws(StorageError) in
      let options = try WriteOptions(json: text, subject: "\(container ?? "scratch")/\(key)")
      return (try storage.store(container, .target), try ObjectKey(key), options)
    }
    let identity = caller.taskID.map { "\($0)\n\(http.method) \(http.url.text)\n\(container ?? "")/\(key)\n\(text ?? "")" }
    let download = Download(
      conversation: conversation(http, call),
      open: { () throws(StorageError) in
        try store.openWrite(objectKey, options: options, isVerified: false, cancel: storage.cancel)
      },
      partial: http.isRepeatable ? identity.flatMap { identity in partial(identity) } : nil, progress: caller.progress,
      keepsFrom: configuration.keepsFrom)
    let outcome = try hiding(http) { () throws(ServiceFault) in try download.run() }
    guard case .object(var members) = json(outcome.head, http) else { return }
    members.append("object", outcome.written.map { storage.json($0.head, container: container, key: key) } ?? .null)
    var out = FrameWriter()
    out.bytes(JSON.object(members).serialized().utf8)
    reply(call, outcome.fault, out, http)
  }

  private func partial(_ identity: String) -> PartialFile? {
    configuration.partials.flatMap { PartialFile(folder: $0, identity: identity) }
  }

  private func read(_ fields: inout CallFields, isDownload: Bool, _ grant: Grants.HTTP, _ caller: Caller) throws(ServiceFault) -> HTTPCall {
    let text = try fields.requiredText("request")
    let body = Array(try fields.bytes() ?? [])
    var http = try HTTPCall(json: text, body: body, isDownload: isDownload, grant: grant) { name throws(ServiceFault) in
      guard let credential = configuration.credentials[name] else {
        throw ServiceFault(ServiceFault.notFound, "credential \"\(name)\": the configuration names none such under \"http_credentials\"")
      }
      return try Secret(name, credential, environment: configuration.environment)
    }
    http.traceparent = caller.traceparent
    return http
  }

  private func conversation(_ http: HTTPCall, _ call: ServiceCall) -> HTTPConversation {
    HTTPConversation(client: client, call: http, policy: configuration.tries) { call.isCancelled }
  }

  private func reply(_ call: ServiceCall, _ fault: ServiceFault?, _ fields: FrameWriter, _ http: HTTPCall) {
    guard let fault else { return call.reply(fields: fields) }
    call.refuse(Self.hidden(fault.message, http), status: fault.status, more: fault.more, fields: fields)
  }

  /// `{"status","headers","url"}`; a secret that the server sends back is taken out.
  private func json(_ head: HTTPHead, _ http: HTTPCall) -> JSON {
    var names: [String] = []
    var values: [String: [String]] = [:]
    for header in head.headers {
      if values[header.name] == nil { names.append(header.name) }
      values[header.name, default: []].append(Self.hidden(header.value, http))
    }
    let headers = names.map { (key: $0, value: JSON.string(values[$0, default: []].joined(separator: ", "))) }
    return .object(
      JSONObject([
        ("status", JSON(head.status)), ("headers", .object(JSONObject(headers.map { ($0.key, $0.value) }))),
        ("url", .string(Self.hidden(head.url, http))),
      ]))
  }

  private static func hidden(_ text: String, _ http: HTTPCall) -> String { http.secret?.hidden(in: text) ?? text }

  private func hiding<T>(_ http: HTTPCall, _ body: () throws(ServiceFault) -> T) throws(ServiceFault) -> T {
    do throws(ServiceFault) { return try body() } catch {
      throw ServiceFault(error.status, Self.hidden(error.message, http), more: error.more)
    }
  }

  private func stored<T>(_ body: () throws(StorageError) -> T) throws(ServiceFault) -> T {
    do throws(StorageError) { return try body() } catch { throw ServiceFault(error.status.rawValue, error.description) }
  }
}
