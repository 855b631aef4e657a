/// What listings tell of a batch's objects beforehand, where that is quicker than asking for each.
struct TransferPreview: Sendable {
  /// Fewer objects of a container than this are asked for one by one.
  private static let least = 16

  private struct Place: Hashable {
    var container: String?
    var side: Transfer.Side
  }

  private var heads: [Place: [ObjectKey: ObjectHead]] = [:]

  /// What cannot be learnt so shows when the object itself is asked for: no error comes from here.
  init(
    _ elements: [TransferElement], store: (_ container: String?, Transfer.Side) throws(StorageError) -> any ObjectStore,
    cancel: Cancellation
  ) {
    guard elements.count >= Self.least else { return }
    var keys: [Place: [ObjectKey]] = [:]
    for element in elements {
      // a key that is none is the element's own error
      guard let from = try? ObjectKey(element.fromKey) else { continue }
      // and so here
      guard let to = try? ObjectKey(element.toKey) else { continue }
      keys[Place(container: element.fromContainer, side: .source), default: []].append(from)
      guard element.options.ifExists != .replace, element.options.ifMatch == nil else { continue }
      keys[Place(container: element.toContainer, side: .target), default: []].append(to)
    }
    for (place, keys) in keys where keys.count >= Self.least {
      do throws(StorageError) {
        heads[place] = try store(place.container, place.side).heads(of: keys, cancel: cancel)
      } catch { continue }
    }
  }

  /// Nil: nothing is known. `found` nil: it was not there.
  func head(of key: ObjectKey, in container: String?, _ side: Transfer.Side) -> (found: ObjectHead?, Void)? {
    heads[Place(container: container, side: side)].map { ($0[key], ()) }
  }
}
