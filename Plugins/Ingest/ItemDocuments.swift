import HandlerKit

/// Reads the documents of items, many at once and each of a bounded size.
struct ItemDocuments {
  let storage: Storage
  let container: String

  /// Most items are smaller: so much of each is read at first, and a batch of that is one call to the host.
  private static let usual: UInt64 = 64 << 10
  static let batch = 200
  /// What is larger is no item: a batch of them would not fit into memory.
  private static let largest: UInt64 = 4 << 20

  /// The documents in the order of `requests`, at most `batch`; with an ETag one that has changed is a failure.
  func read(_ requests: [(key: String, etag: String?)]) throws(HandlerError) -> [Result<JSONText, HandlerError>] {
    if requests.isEmpty { return [] }
    let answers = try storage.readMany(requests.map { ReadRequest(container, $0.key, etag: $0.etag, size: Self.usual) })
    var documents: [Result<JSONText, HandlerError>] = []
    for (request, answer) in zip(requests, answers) {
      var answer = answer
      if answer.failure == nil, answer.total > Self.usual, answer.total <= Self.largest {
        let again = ReadRequest(container, request.key, etag: request.etag, size: Self.largest)
        answer = try storage.readMany([again]).first ?? answer
      }
      documents.append(Result { () throws(HandlerError) in try document(request.key, answer) })
    }
    return documents
  }

  private func document(_ key: String, _ answer: ReadAnswer) throws(HandlerError) -> JSONText {
    let name = "\(container)/\(key)"
    if let failure = answer.failure {
      switch failure {
      case .notFound: throw HandlerError(failure, "\(name) does not exist.")
      case .conflict: throw HandlerError(failure, "\(name) changed after the inventory; submit the job again.")
      default: throw HandlerError(failure, "\(name) cannot be read: \(failure).")
      }
    }
    if answer.total > Self.largest {
      throw HandlerError(.tooLarge, "\(name): \(answer.total) bytes are too many for an item, \(Self.largest) are the most.")
    }
    do {
      return try JSONText(validating: answer.bytes)
    } catch {
      throw HandlerError(.invalid, "\(name): this is not JSON: \(error).")
    }
  }
}
