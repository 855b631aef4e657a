extension AzureStore {
  /// What the service puts on a page at most.
  private static let most = 5000

  func list(_ query: ListQuery, cancel: Cancellation) throws(StorageError) -> ObjectPage {
    try query.check(name)
    var page = ObjectPage()
    page.next = query.page
    repeat {
      // the service may give fewer than asked for, none even, and more behind
      let room = query.limit - page.objects.count - page.prefixes.count
      try add(try part(query, marker: page.next, limit: min(room, Self.most), cancel), to: &page)
    } while page.next != nil && page.objects.count + page.prefixes.count < query.limit
    return page
  }

  private func part(
    _ query: ListQuery, marker: String?, limit: Int, _ cancel: Cancellation
  ) throws(StorageError) -> XMLElement {
    var call = AzureCall("GET", subject: name.text)
    call.query = [("restype", "container"), ("comp", "list"), ("maxresults", String(limit)), ("include", "copy,metadata")]
    let prefix = address.prefix + query.prefix
    if !prefix.isEmpty { call.query.append(("prefix", prefix)) }
    if let delimiter = query.delimiter { call.query.append(("delimiter", delimiter)) }
    if let marker { call.query.append(("marker", marker)) }
    guard let answer = XMLElement(parsing: try client.send(call, cancel: cancel).body), answer["Blobs"] != nil else {
      throw StorageError(.failed, name.text, cause: "the store's answer is no list of blobs")
    }
    return answer
  }

  private func add(_ answer: XMLElement, to page: inout ObjectPage) throws(StorageError) {
    for element in answer["Blobs"]?.children ?? [] {
      guard let name = name(element) else { continue }
      if element.name == "BlobPrefix" {
        page.prefixes.append(name)
      } else if element.name == "Blob", let key = try? ObjectKey(name) {  // others that are there cannot be named
        guard let properties = element["Properties"], AzureLook.isWhole(properties.text("CopyStatus")) else { continue }
        page.objects.append(.init(key: key, head: try head(properties, element["Metadata"])))
      }
    }
    page.next = answer.text("NextMarker").flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A blob's name below our prefix; nil for what is not below it.
  private func name(_ element: XMLElement) -> String? {
    guard let name = element["Name"] else { return nil }
    // names that XML cannot carry come percent-encoded
    let text = name.attributes.contains("Encoded=\"true\"") ? PercentEncoding.decode(name.text) : name.text
    guard let text, text.utf8.starts(with: address.prefix.utf8) else { return nil }
    return String(decoding: text.utf8.dropFirst(address.prefix.utf8.count), as: UTF8.self)
  }

  private func head(_ properties: XMLElement, _ metadata: XMLElement?) throws(StorageError) -> ObjectHead {
    var head = HTTPHead(status: 200)
    for (name, text) in [
      ("etag", properties.text("Etag")), ("last-modified", properties.text("Last-Modified")),
      ("content-type", properties.text("Content-Type")),
      ("x-ms-meta-" + Self.checksumName, metadata?.text(Self.checksumName)),
    ] {
      if let text { head.headers.append(.init(name: name, value: text)) }
    }
    return try AzureLook(head, size: properties.text("Content-Length").flatMap { UInt64($0) }, subject: name.text).head
  }
}
