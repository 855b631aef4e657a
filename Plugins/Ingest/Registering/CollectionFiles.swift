import HandlerKit

/// Brings along what a collection's document itself names: its assets, and what its links lead to in the container.
struct CollectionFiles {
  private struct File {
    let name: String
    let isAsset: Bool
    let key: String
  }

  private let task: Task
  private let document: StacDocument
  private let target: ContainerURL
  private let asksHost: Bool

  /// Where the copies are found: by asset name, and by a link's href.
  private(set) var assets: [ExactText: String] = [:]
  private(set) var links: [ExactText: String] = [:]
  /// Names of the assets that could not be copied, each a reject.
  private(set) var missing: Set<ExactText> = []

  init(_ task: Task, _ document: StacDocument, to target: String, hrefBase: String?) {
    self.task = task
    self.document = document
    self.target = ContainerURL(target, root: hrefBase)
    asksHost = hrefBase == nil
  }

  mutating func copy(from container: String, to target: String) throws {
    let files = try named(containerURL: ContainerURL.root(of: task.storage.stat(container, document.key).url, key: document.key))
    if files.isEmpty { return }
    let copies = files.map { ObjectCopy(from: container, $0.key, to: target, $0.key) }
    let report = try task.storage.copy(copies, options: WriteOptions(ifExists: .update), heads: true, for: document.json["id"]?.string)
    let failures = Dictionary(report.failures.map { ($0.index, $0) }) { first, _ in first }
    for (index, file) in files.enumerated() {
      if let failure = failures[index] {
        if failure.status.isRetryable, !task.isLastAttempt { throw HandlerError.retry(failure.message) }
        if file.isAsset { try reject(file.name, HandlerError(failure.status, failure.message)) }
      } else {
        let told = index < report.heads.count && asksHost ? report.heads[index]?.url : nil
        let url = told ?? self.target.url(of: file.key)
        if file.isAsset { assets[ExactText(file.name)] = url } else { links[ExactText(file.name)] = url }
      }
    }
  }

  private mutating func named(containerURL: String?) throws -> [File] {
    let base = Href(document: document.key, containerURL: containerURL)
    var files: [File] = []
    for (name, asset) in document.json["assets"]?.members ?? [] {
      let href = asset["href"]?.string ?? ""
      do {
        files.append(File(name: name, isAsset: true, key: try base.key(of: href)))
      } catch {
        if Href.isAbsolute(href) { continue }  // it is elsewhere, and stays as it is
        try reject(name, HandlerError(.invalid, "\(document.key): asset \(name): \(error)."))
      }
    }
    for href in StacLinks.carried(document.json) {
      if let key = try? base.key(of: href) {  // a link that leaves the container is dropped
        files.append(File(name: href, isAsset: false, key: key))
      }
    }
    return files
  }

  private mutating func reject(_ asset: String, _ reason: HandlerError) throws(HandlerError) {
    missing.insert(ExactText(asset))
    try task.reject("\(document.key)#/assets/\(asset)", reason)
  }
}
