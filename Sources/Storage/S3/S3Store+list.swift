internal import struct FoundationEssentials.Date

extension S3Store {
  /// S3 gives at most 1,000 a page: larger pages are several requests. `next` is the store's own token.
  func list(_ query: ListQuery, cancel: Cancellation) throws(StorageError) -> ObjectPage {
    try query.check(name)
    var page = ObjectPage()
    page.next = query.page
    repeat {
      let wanted = min(1000, query.limit - page.objects.count - page.prefixes.count)
      let part = try list(query, token: page.next, startAfter: nil, limit: wanted, cancel)
      page.objects += part.objects
      page.prefixes += part.prefixes
      page.next = part.next
    } while page.next != nil && page.objects.count + page.prefixes.count < query.limit
    return page
  }

  /// One request.
  private func list(
    _ query: ListQuery, token: String?, startAfter: ObjectKey?, limit: Int, _ cancel: Cancellation
  ) throws(StorageError) -> ObjectPage {
    var request = S3Request("GET")
    request.query = [
      ("list-type", "2"), ("encoding-type", "url"), ("max-keys", String(limit)), ("prefix", location.prefix + query.prefix),
    ]
    if let delimiter = query.delimiter { request.query.append(("delimiter", delimiter)) }
    if let token { request.query.append(("continuation-token", token)) }
    if let startAfter { request.query.append(("start-after", location.prefix + startAfter.text)) }
    let body = try call(cancel).send(request).body
    guard let root = XMLElement(parsing: body), root.name == "ListBucketResult" else {
      throw StorageError(.failed, name.text, cause: "the listing is no ListBucketResult")
    }
    let isEncoded = root.text("EncodingType") == "url"
    var page = ObjectPage()
    for child in root.children {
      switch child.name {
      case "Contents": if let entry = entry(child, isEncoded) { page.objects.append(entry) }
      case "CommonPrefixes": if let prefix = text(child.text("Prefix"), isEncoded) { page.prefixes.append(prefix) }
      default: break
      }
    }
    page.next = root.text("IsTruncated") == "true" ? root.text("NextContinuationToken") : nil
    return page
  }

  private func entry(_ element: XMLElement, _ isEncoded: Bool) -> ObjectPage.Entry? {
    guard let text = text(element.text("Key"), isEncoded), let size = element.text("Size").flatMap({ UInt64($0) }),
      let key = try? ObjectKey(text)  // what is no key of ours is not seen
    else { return nil }
    let modified = element.text("LastModified").flatMap(S3Time.parse) ?? Date(timeIntervalSince1970: 0)
    return ObjectPage.Entry(key: key, head: ObjectHead(size: size, etag: S3Head.etag(element.text("ETag") ?? ""), modified: modified))
  }

  /// A key or prefix of the bucket as one of the container.
  private func text(_ text: String?, _ isEncoded: Bool) -> String? {
    guard let text else { return nil }
    // some stores write a space as "+", and a "+" always encoded
    let plain =
      isEncoded
      ? PercentEncoding.decode(
        text.contains("+") ? text.split(separator: "+", omittingEmptySubsequences: false).joined(separator: " ") : text) : text
    guard let plain, plain.utf8.starts(with: location.prefix.utf8) else { return nil }
    return String(Substring(plain.utf8.dropFirst(location.prefix.utf8.count)))
  }

  /// What a listing tells of these keys: one request for a thousand instead of one for each.
  ///
  /// Heads have no checksum and no type. A key that is not in the answer has no object.
  /// - Returns: nil where the keys stand so far apart that asking for each is quicker.
  func heads(of keys: [ObjectKey], cancel: Cancellation) throws(StorageError) -> [ObjectKey: ObjectHead]? {
    guard let first = keys.min(), let last = keys.max() else { return [:] }
    let wanted = Set(keys)
    var query = ListQuery(prefix: Self.shared(first.text, last.text))
    query.limit = 1000
    var found: [ObjectKey: ObjectHead] = [:]
    var token: String?
    var start = query.prefix.utf8.count == first.text.utf8.count ? nil : Self.before(first, query.prefix)
    for _ in 0..<(1 + keys.count / 50) {
      let page = try list(query, token: token, startAfter: start, limit: 1000, cancel)
      start = nil
      for entry in page.objects where wanted.contains(entry.key) { found[entry.key] = entry.head }
      token = page.next
      if token == nil { return found }
      if let reached = page.objects.last?.key, reached > last { return found }
    }
    return nil
  }

  /// The bytes with which both begin, up to a whole character.
  private static func shared(_ a: String, _ b: String) -> String {
    var bytes: [UInt8] = []
    for (x, y) in zip(a.utf8, b.utf8) {
      guard x == y else { break }
      bytes.append(x)
    }
    while String(validating: bytes, as: UTF8.self) == nil { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A key before `first` and behind all that come before it by more than their last character.
  private static func before(_ first: ObjectKey, _ prefix: String) -> ObjectKey? {
    let shorter = String(first.text.unicodeScalars.dropLast())
    return shorter.utf8.count >= prefix.utf8.count ? try? ObjectKey(shorter) : nil  // then the listing begins at the prefix
  }
}
