internal import HandlerABI

/// Objects in containers that the operator named. What is written appears whole or not at all.
///
/// A container of nil is the task's scratch directory. A key has no leading "/" and no empty, "." or ".." segment.
public struct Storage {
  let task: Task

  init(_ task: Task) {
    self.task = task
  }

  func door() throws(HandlerError) -> (UnsafeMutablePointer<weir_task>, UnsafePointer<weir_storage>) {
    try task.door(.storage, as: weir_storage.self)
  }

  /// Makes a container, unless it is there.
  public func makeContainer(_ name: String) throws(HandlerError) {
    let (pointer, table) = try door()
    try task.require(table.pointee.make_container(pointer, name, nil), "make container \(name)")
  }

  /// One page of the objects whose keys begin with `prefix`, in byte order of their keys.
  ///
  /// With a `delimiter`, what has it after the prefix is folded into `prefixes`. `page` is `next` of the page before.
  /// - Throws: `.notFound` if there is no such container; a prefix that no object has is an empty page.
  public func list(
    _ container: String?, prefix: String = "", delimiter: String? = nil, limit: Int? = nil, page: String? = nil
  ) throws(HandlerError) -> Listing {
    let (pointer, table) = try door()
    let options = JSONText.object(["delimiter": delimiter.map { JSONText($0) }, "limit": limit.map { JSONText($0) }])
    var out = weir_bytes()
    let status = HostBytes.lend(container) { container in
      HostBytes.lend(page) { page in
        table.pointee.list(pointer, container, prefix, options.text, page, &out)
      }
    }
    try task.require(status, "list \(place(container, prefix))")
    return Listing(try answer(&out, "list"))
  }

  /// - Throws: `.notFound` if there is no such object; a prefix of objects is none.
  public func stat(_ container: String?, _ key: String) throws(HandlerError) -> ObjectHead {
    let (pointer, table) = try door()
    var out = weir_bytes()
    let status = HostBytes.lend(container) { table.pointee.stat(pointer, $0, key, &out) }
    try task.require(status, "stat \(place(container, key))")
    return ObjectHead(try answer(&out, "stat"))
  }

  /// As `stat`, but nil if there is no such object.
  public func find(_ container: String?, _ key: String) throws(HandlerError) -> ObjectHead? {
    do {
      return try stat(container, key)
    } catch {
      if error.status == .notFound { return nil }
      throw error
    }
  }

  /// A small object, whole; of a large one use `readMany` or `openRead`.
  public func read(_ container: String?, _ key: String) throws(HandlerError) -> [UInt8] {
    let (pointer, table) = try door()
    var out = weir_bytes()
    let status = HostBytes.lend(container) { table.pointee.read(pointer, $0, key, &out) }
    try task.require(status, "read \(place(container, key))")
    return task.take(&out)
  }

  /// Many ranges of any objects, read at once; the answers are in the order of the requests.
  ///
  /// Throws only what concerns all of them; what concerns one is in its answer.
  public func readMany(_ requests: [ReadRequest]) throws(HandlerError) -> [ReadAnswer] {
    let (pointer, table) = try door()
    let texts = CTexts()
    var reads = requests.map { request in
      weir_read(
        container: texts.keep(request.container), key: texts.keep(request.key), etag: texts.keep(request.etag),
        from: request.from, size: request.size ?? .max, into: nil, out: weir_bytes(), total: 0, status: 0, reserved: 0)
    }
    let status = Status(code: table.pointee.read_many(pointer, &reads, UInt64(reads.count)))
    let answers = reads.indices.map { index in
      ReadAnswer(status: Status(code: reads[index].status), total: reads[index].total, bytes: task.take(&reads[index].out))
    }
    guard status.isOfElements else { throw task.problem(status, "read \(requests.count) objects") }
    try task.goOn(answers.compactMap(\.failure), "read \(requests.count) objects")
    return answers
  }

  /// Writes an object and returns its head as the store has it.
  @discardableResult
  public func write(
    _ container: String?, _ key: String, _ bytes: [UInt8], options: WriteOptions = WriteOptions()
  ) throws(HandlerError) -> ObjectHead {
    let (pointer, table) = try door()
    var head = weir_bytes()
    let status = HostBytes.lend(container) { container in
      HostBytes.lend(options.text) { options in
        HostBytes.lend(bytes[...]) { table.pointee.write(pointer, container, key, $0, options, &head) }
      }
    }
    try task.require(status, "write \(place(container, key))")
    return ObjectHead(try answer(&head, "write"))
  }

  /// Removes an object, if it is there.
  public func remove(_ container: String?, _ key: String) throws(HandlerError) {
    let (pointer, table) = try door()
    let status = HostBytes.lend(container) { table.pointee.remove(pointer, $0, key) }
    try task.require(status, "remove \(place(container, key))")
  }

  /// Copies many objects at once, inside the store where it can, each verified by size and checksum.
  ///
  /// Throws only what concerns all of them: what failed stands in the report. Scratch on either side is a download or an upload.
  /// - Parameter collection: the STAC collection that needs the objects: the host keeps which of them were written for it.
  public func copy(
    _ copies: [ObjectCopy], options: WriteOptions = WriteOptions(), heads: Bool = false, for collection: String? = nil
  ) throws(HandlerError) -> CopyReport {
    let (pointer, table) = try door()
    let texts = CTexts()
    let elements = copies.map { copy in
      weir_copy(
        from_container: texts.keep(copy.fromContainer), from_key: texts.keep(copy.fromKey), from_etag: texts.keep(copy.fromETag),
        to_container: texts.keep(copy.toContainer), to_key: texts.keep(copy.toKey), options: texts.keep(copy.options?.text))
    }
    var json = options.json
    if heads { json = (json ?? .object([:])).setting("heads", to: JSONText(true)) }
    if let collection { json = (json ?? .object([:])).setting("collection", to: JSONText(collection)) }
    let all = json?.text
    var report = weir_bytes()
    let status = Status(
      code: HostBytes.lend(all) { table.pointee.copy(pointer, elements, UInt64(elements.count), $0, &report) })
    guard status.isOfElements else {
      throw task.problem(status, "copy \(copies.count) objects")
    }
    let result = CopyReport(try answer(&report, "copy"))
    try task.goOn(result.failures.map(\.status), "copy \(copies.count) objects")
    return result
  }

  /// A read-only descriptor of the object, the caller's to close.
  /// - Throws: `.unsupported` where the store has no files: then read.
  public func openDescriptor(_ container: String?, _ key: String) throws(HandlerError) -> Int32 {
    let (pointer, table) = try door()
    var descriptor: Int32 = -1
    let status = HostBytes.lend(container) { table.pointee.open_fd(pointer, $0, key, &descriptor) }
    try task.require(status, "open \(place(container, key))")
    return descriptor
  }

  func place(_ container: String?, _ key: String) -> String { "\(container ?? "scratch")/\(key)" }

  func answer(_ bytes: inout weir_bytes, _ call: String) throws(HandlerError) -> JSONText {
    do {
      return try JSONText(validating: task.take(&bytes))
    } catch {
      throw HandlerError(.failed, "\(call): the host's answer is not JSON: \(error)")
    }
  }
}

extension Task {
  /// Its calls throw `.denied` if the handler did not declare it or the operator did not grant it.
  public var storage: Storage { Storage(self) }
}
