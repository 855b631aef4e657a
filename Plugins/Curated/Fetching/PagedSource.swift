import CuratedRules
import HandlerKit

/// A source that gives its features page by page, as OGC API - Features does: one GeoJSON object of all of them.
struct PagedSource {
  let dataset: CuratedDataset
  let task: Task
  private static let mostPages = 100_000

  func write(to container: String, _ key: String) throws -> Fetched {
    let stream = try task.storage.openWrite(container, key, options: WriteOptions(type: "application/geo+json"))
    try stream.write(Array(#"{"type":"FeatureCollection","features":["#.utf8))
    var next = dataset.source_url
    var (seen, features, size): (Set<String>, Int, Int) = ([], 0, 0)
    while let url = next {
      guard seen.insert(url).inserted else {
        throw HandlerError.failed("\(SourceText.place(url)): its pages lead back to one that was read already.")
      }
      guard seen.count <= Self.mostPages else {
        throw HandlerError.failed("\(dataset.dataset_id): the source has more than \(Self.mostPages) pages.")
      }
      let page = try page(url)
      for feature in page["features"]?.elements ?? [] {
        size += feature.bytes.count
        guard size <= dataset.source_config.mostBytes else {
          throw HandlerError(
            .tooLarge, "\(dataset.dataset_id): the pages are larger than max_size, \(dataset.source_config.mostBytes) bytes.")
        }
        try stream.write((features > 0 ? [UInt8(ascii: ",")] : []) + Array(feature.bytes))
        features += 1
      }
      try task.progress.report(features, of: page["numberMatched"]?.int ?? 0, "features")
      next = (page["links"]?.elements ?? []).first { $0["rel"]?.string == "next" }?["href"]?.string
    }
    try stream.write(Array("]}".utf8))
    let head = try stream.commit()
    return Fetched(key: key, head: head, etag: nil, version: nil)
  }

  private func page(_ url: String) throws -> JSONText {
    let server = SourceServer(dataset: dataset, task: task)
    let answer = try task.http.answer(
      to: HTTPRequest(url, headers: ["Accept": "application/geo+json"], auth: dataset.credential_key, timeout: .seconds(300)))
    if let failure = answer.failure { throw server.explained(failure) }
    guard let page = try? JSONText(validating: answer.body), page["features"]?.kind == .array else {  // what it is instead helps nobody
      throw HandlerError.failed("\(SourceText.place(url)): the server answered with no page of features.")
    }
    return page
  }
}
