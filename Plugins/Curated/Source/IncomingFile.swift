import CuratedRules
import HandlerKit

/// A file of a manual dataset, which somebody put into the container under `DATASET/incoming/`.
struct IncomingFile {
  var key: String
  var head: ObjectHead

  /// What tells it from the file before.
  var version: String { SourceText.plain(head.etag) }

  /// - Throws: where none lies, with the place to put it.
  static func newest(_ dataset: CuratedDataset, _ container: String, _ task: Task) throws -> IncomingFile {
    let prefix = "\(dataset.folder)/incoming/"
    var newest: (key: String, head: ObjectHead)?
    var page: String?
    repeat {
      let listing = try task.storage.list(container, prefix: prefix, limit: 1000, page: page)
      newest = ([newest].compactMap { $0 } + listing.objects).max { ($0.head.modified ?? "") < ($1.head.modified ?? "") }
      page = listing.next
    } while page != nil
    guard let file = newest else {
      throw HandlerError.failed("\(dataset.dataset_id): there is no file. Put one into container \(container) under \(prefix)")
    }
    return IncomingFile(key: file.key, head: file.head)
  }
}
