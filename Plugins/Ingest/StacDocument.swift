import HandlerKit

/// Reads STAC documents of any size out of a container.
struct StacDocument {
  let key: String
  let json: JSONText

  /// - Throws: `.notFound`, or `.invalid` if it is not JSON.
  static func read(_ storage: Storage, _ container: String, _ key: String) throws(HandlerError) -> StacDocument {
    let bytes: [UInt8]
    do {
      bytes = try storage.read(container, key)
    } catch {
      switch error.status {
      case .tooLarge: bytes = try inPieces(storage, container, key)
      case .notFound: throw HandlerError(.notFound, "\(container)/\(key) does not exist.")
      default: throw error
      }
    }
    do {
      return StacDocument(key: key, json: try JSONText(validating: bytes))
    } catch {
      throw HandlerError(.invalid, "\(container)/\(key): \(error)")
    }
  }

  private static func inPieces(_ storage: Storage, _ container: String, _ key: String) throws(HandlerError) -> [UInt8] {
    let stream = try storage.openRead(container, key)
    var all: [UInt8] = []
    all.reserveCapacity(try storage.stat(container, key).size)
    while case let piece = try stream.read(), !piece.isEmpty { all += piece }
    return all
  }

  /// "Collection", "Catalog" or "Feature", if it is one of them.
  var type: String { json["type"]?.string ?? "" }

  /// The document without the links that say what it holds: small, however much it holds.
  var withoutContents: JSONText {
    json.editingMembers { key, value in
      guard key == "links" else { return .keep }
      return .replace(value.editingElements { ["item", "child"].contains($0["rel"]?.string ?? "") ? .drop : .keep })
    }
  }
}
