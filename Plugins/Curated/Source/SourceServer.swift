import CuratedRules
import FoundationEssentials
import HandlerKit

/// The server that a dataset comes from, asked what it has.
struct SourceServer {
  let dataset: CuratedDataset
  let task: Task

  /// What there is to download, and what is known of it before.
  struct Offer {
    var url: String
    /// Sent to `url` only.
    var credential: String?
    /// By what the dataset's versions are told apart; nil: the file itself must say.
    var version: String?
    /// As the server sent it.
    var etag: String?
  }

  private var config: SourceConfig { dataset.source_config }

  /// - Parameter release: the month that was found before; nil: the newest that there is.
  func offer(release: String? = nil) throws -> Offer {
    guard let form = dataset.source_url else { throw HandlerError.failed("\(dataset.dataset_id): the dataset has no source_url.") }
    if config.answer != nil { return try asked(form) }
    if config.versionBy == "release" { return try newest(form, release.flatMap { ReleaseMonth($0) }) }
    var offer = Offer(url: form, credential: dataset.credential_key)
    let head = try head(form)
    offer.etag = head?.headers["etag"]
    switch config.versionBy {
    case "etag": offer.version = offer.etag.map(SourceText.plain)
    case "last_modified": offer.version = head?.headers["last-modified"].map(SourceText.plain)
    case "file": offer.version = try file()
    default: break
    }
    return offer
  }

  /// What a download says of its version, which may have changed since it was asked.
  func version(of answer: HTTPAnswer, else known: String?) -> String? {
    switch config.versionBy {
    case "etag": answer.headers["etag"].map(SourceText.plain)
    case "last_modified": answer.headers["last-modified"].map(SourceText.plain)
    default: known
    }
  }

  /// nil: the server answers no HEAD.
  private func head(_ url: String) throws -> HTTPAnswer? {
    let answer = try task.http.answer(to: HTTPRequest(url, method: "HEAD", auth: dataset.credential_key, timeout: .seconds(120)))
    guard let failure = answer.failure else { return answer }
    if [405, 501].contains(answer.status) { return nil }
    throw explained(failure)
  }

  /// A server that has the release of no month yet says that it is not there, or that nobody may have it.
  private func newest(_ form: String, _ known: ReleaseMonth?) throws -> Offer {
    var month = known ?? ReleaseMonth(at: Date().timeIntervalSince1970)
    var failure: HandlerError?
    for _ in 0..<(known == nil ? 3 : 1) {
      let answer = try task.http.answer(
        to: HTTPRequest(month.url(form), method: "HEAD", auth: dataset.credential_key, timeout: .seconds(120)))
      guard let refusal = answer.failure else {
        return Offer(url: month.url(form), credential: dataset.credential_key, version: month.text, etag: answer.headers["etag"])
      }
      guard [403, 404].contains(answer.status) else { throw explained(refusal) }
      failure = failure ?? refusal
      month = month.before
    }
    throw failure.map(explained) ?? HandlerError.failed("\(place(form)): no release was found.")
  }

  /// The answer says where the data is; what it says may itself be a key, so it is asked for anew when it is used.
  private func asked(_ url: String) throws -> Offer {
    let answer = try task.http.answer(to: HTTPRequest(url, auth: dataset.credential_key, timeout: .seconds(120), maxBytes: 1 << 20))
    if let failure = answer.failure { throw explained(failure) }
    let json: JSONText
    do { json = try JSONText(validating: answer.body) } catch {
      throw HandlerError.failed("\(place(url)): the server answered with something that is no JSON: \(error)")
    }
    guard let target = config.answer.flatMap({ json.value(at: $0.url)?.string }),
      target.hasPrefix("https://") || target.hasPrefix("http://")
    else {
      throw HandlerError.failed("\(place(url)): the answer has no URL at \(config.answer?.url ?? "")")
    }
    let version = config.answer?.version.flatMap { json.value(at: $0) }.map { $0.string ?? $0.text }
    return Offer(url: target, credential: nil, version: version.map(SourceText.plain), etag: nil)
  }

  private func file() throws -> String {
    guard let url = config.version?.url else { throw HandlerError.failed("\(dataset.dataset_id): source_config.version has no url.") }
    let answer = try task.http.answer(to: HTTPRequest(url, timeout: .seconds(120), maxBytes: 64 << 10))
    if let failure = answer.failure { throw explained(failure) }
    let text = SourceText.plain(String(decoding: answer.body, as: UTF8.self))
    guard !text.isEmpty, !text.hasPrefix("<") else { throw HandlerError.failed("\(place(url)): the file with the version holds none.") }
    return text
  }

  /// The same failure, with what an operator can do about it.
  func explained(_ failure: HandlerError) -> HandlerError {
    guard failure.details?["http_status"]?.int == 401 || failure.details?["http_status"]?.int == 403 else { return failure }
    let hint =
      dataset.credential_key.map { "Look at the credential \"\($0)\" of the configuration." }
      ?? "If the source wants a key, name a credential of the configuration as credential_key."
    return HandlerError(failure.status, "\(failure.message). \(hint)", details: failure.details)
  }

  private func place(_ url: String) -> String { SourceText.place(url) }
}

extension JSONText {
  /// - Source: RFC 6901.
  fileprivate func value(at pointer: String) -> JSONText? {
    var value = self
    for part in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let name = String(part.replacing("~1", with: "/").replacing("~0", with: "~"))
      let next = value.kind == .array ? Int(name).flatMap { value.elements.indices.contains($0) ? value.elements[$0] : nil } : value[name]
      guard let next else { return nil }
      value = next
    }
    return value
  }
}
