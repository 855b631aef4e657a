import HandlerKit

/// Heads of many objects of one container, without asking for each and without keeping them all.
///
/// Items come roughly in order of their keys, and so does a listing: it moves on as far as the keys asked for do, and
/// only its latest pages are kept. What is not in them is asked for by itself. So a listing of objects that nobody
/// wants costs no more calls than asking for each would.
struct ObjectHeads {
  private let storage: Storage
  private let container: String
  private let prefix: String
  private let mostKept: Int

  /// In the order of their keys.
  private var pages: [Page] = []
  private var kept = 0
  private var next: String?
  private var isStarted = false
  /// True once pages have been dropped at the front.
  private var isTrimmed = false

  private struct Page {
    let first: String, last: String
    let objects: [ExactText: ObjectHead]
  }

  init(_ storage: Storage, _ container: String, prefix: String, mostKept: Int = 100_000) {
    self.storage = storage
    self.container = container
    self.prefix = prefix
    self.mostKept = mostKept
  }

  /// The heads of those of `keys` that are there.
  mutating func heads(of keys: Set<ExactText>) throws(HandlerError) -> [ExactText: ObjectHead] {
    var found: [ExactText: ObjectHead] = [:]
    var callsLeft = max(10, keys.count)
    for key in keys.map(\.text).sorted(by: Self.inByteOrder) {
      while isAhead(key), callsLeft > 0 {
        callsLeft -= 1
        try listMore()
      }
      found[ExactText(key)] = isListed(key) ? page(of: key)?.objects[ExactText(key)] : try find(key)
    }
    return found
  }

  static func inByteOrder(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// True if more pages may have the key.
  private func isAhead(_ key: String) -> Bool {
    guard key.utf8.starts(with: prefix.utf8) else { return false }
    if !isStarted { return true }
    return next != nil && Self.inByteOrder(pages.last?.last ?? "", key)
  }

  /// True if the pages kept cover the key's place, so that it would be in them.
  private func isListed(_ key: String) -> Bool {
    guard key.utf8.starts(with: prefix.utf8), isStarted, !isAhead(key) else { return false }
    return !isTrimmed || page(of: key) != nil
  }

  /// The page whose stretch of keys begins at or before this one.
  private func page(of key: String) -> Page? {
    pages.last { !Self.inByteOrder(key, $0.first) }
  }

  private mutating func listMore() throws(HandlerError) {
    let page = try storage.list(container, prefix: prefix, limit: 1000, page: next)
    isStarted = true
    next = page.next
    guard let first = page.objects.first?.key, let last = page.objects.last?.key else { return }
    pages.append(Page(first: first, last: last, objects: Dictionary(page.objects.map { (ExactText($0.key), $0.head) }) { $1 }))
    kept += page.objects.count
    while kept > mostKept, pages.count > 1 {
      kept -= pages.removeFirst().objects.count
      isTrimmed = true
    }
  }

  /// nil for what is not there, and for what no store could have under such a name.
  private func find(_ key: String) throws(HandlerError) -> ObjectHead? {
    do {
      return try storage.find(container, key)
    } catch {
      if error.status == .invalid { return nil }
      throw error
    }
  }
}
