import Foundation
import HandlerABI
import HandlerKit

extension StubStorage {
  nonisolated(unsafe) static let table = StubTables.made(  // written once
    weir_storage(
      struct_size: UInt32(MemoryLayout<weir_storage>.size), reserved: 0,
      make_container: { task, container, _ in
        let host = StubHost.of(task)
        host.count("make_container")
        return (try? host.storage.makeContainer(StubText.string(container))) == nil
          ? host.fail("make_container", WEIR_FAILED, "no") : Int32(WEIR_OK)
      },
      list: { task, container, prefix, options, page, out in
        let host = StubHost.of(task)
        host.count("list")
        return host.list(
          StubText.string(container), StubText.string(prefix), options.map { String(cString: $0) }, StubText.string(page), out)
      },
      stat: { task, container, key, out in
        let host = StubHost.of(task)
        host.count("stat")
        let (container, key) = (StubText.string(container), StubText.string(key))
        guard let bytes = host.storage.bytes(container, key) else { return host.missing(container, key) }
        host.give(host.storage.head(container, key, bytes), out)
        return Int32(WEIR_OK)
      },
      read: { task, container, key, out in
        let host = StubHost.of(task)
        host.count("read")
        let (container, key) = (StubText.string(container), StubText.string(key))
        guard let bytes = host.storage.bytes(container, key) else { return host.missing(container, key) }
        host.give(bytes, out)
        return Int32(WEIR_OK)
      },
      read_many: { task, reads, count in
        let host = StubHost.of(task)
        host.count("read_many")
        return host.readMany(UnsafeMutableBufferPointer(start: reads, count: Int(count)))
      },
      write: { task, container, key, data, _, out in
        let host = StubHost.of(task)
        let (container, key) = (StubText.string(container), StubText.string(key))
        let bytes = StubText.bytes(data)
        guard (try? host.storage.put(container, key, bytes)) != nil else { return host.fail("write", WEIR_FAILED, "cannot") }
        host.give(host.storage.head(container, key, bytes), out)
        return Int32(WEIR_OK)
      },
      remove: { task, container, key in
        let host = StubHost.of(task)
        try? FileManager.default.removeItem(atPath: host.storage.path(StubText.string(container), StubText.string(key)))  // gone: as good
        return Int32(WEIR_OK)
      },
      copy: { task, copies, count, options, out in
        let host = StubHost.of(task)
        host.count("copy")
        return host.copy(Array(UnsafeBufferPointer(start: copies, count: Int(count))), options.map { String(cString: $0) }, out)
      },
      open_fd: { task, _, _, _ in StubHost.of(task).fail("open_fd", WEIR_UNSUPPORTED, "the stub has no files") },
      open_read: { task, container, key, _, out in
        let host = StubHost.of(task)
        let (container, key) = (StubText.string(container), StubText.string(key))
        guard let bytes = host.storage.bytes(container, key) else { return host.missing(container, key) }
        out?.pointee = StubStream.open(host, container, key, bytes)
        return Int32(WEIR_OK)
      },
      open_write: { task, container, key, _, out in
        out?.pointee = StubStream.open(StubHost.of(task), StubText.string(container), StubText.string(key), [])
        return Int32(WEIR_OK)
      },
      pull: { stream, into, capacity, got in
        let bytes = StubStream.of(stream).pull(Int(capacity))
        into?.copyMemory(from: bytes, byteCount: bytes.count)
        got?.pointee = UInt64(bytes.count)
        return Int32(WEIR_OK)
      },
      push: { stream, data in
        StubStream.of(stream).bytes += StubText.bytes(data)
        return Int32(WEIR_OK)
      },
      close: { stream, commit, head in StubStream.close(stream, commit != 0, head) }))
}

extension StubHost {
  func missing(_ container: String, _ key: String) -> weir_status {
    fail("storage", WEIR_NOT_FOUND, "\(container)/\(key) is not there")
  }

  fileprivate func list(
    _ container: String, _ prefix: String, _ options: String?, _ page: String, _ out: UnsafeMutablePointer<weir_bytes>?
  ) -> weir_status {
    guard storage.hasContainer(container) else { return fail("list", WEIR_NOT_FOUND, "no container \(container)") }
    let limit = options.flatMap { try? JSONText(validating: $0) }?["limit"]?.int ?? storage.page
    let keys = storage.keys(container).filter { $0.hasPrefix(prefix) && (page.isEmpty || page.utf8.lexicographicallyPrecedes($0.utf8)) }
    let shown = keys.prefix(min(limit, storage.page))
    let objects = shown.map { key in storage.head(container, key, storage.bytes(container, key) ?? [], key: key) }
    give(
      .object([
        "objects": .array(objects), "prefixes": .array([]), "next": shown.count < keys.count ? shown.last.map { JSONText($0) } : nil,
      ]), out)
    return Int32(WEIR_OK)
  }

  fileprivate func readMany(_ reads: UnsafeMutableBufferPointer<weir_read>) -> weir_status {
    var isPartial = false
    for index in reads.indices {
      let (container, key) = (StubText.string(reads[index].container), StubText.string(reads[index].key))
      guard let bytes = storage.bytes(container, key) else {
        reads[index].status = Int32(WEIR_NOT_FOUND)
        isPartial = true
        continue
      }
      if let status = storage.failing[key] {
        reads[index].status = Int32(status)
        isPartial = true
        continue
      }
      if let etag = reads[index].etag, String(cString: etag) != storage.etag(bytes) {
        reads[index].status = Int32(WEIR_CONFLICT)
        isPartial = true
        continue
      }
      let rest = bytes.dropFirst(Int(clamping: reads[index].from))
      let range = Array(rest.prefix(Int(clamping: reads[index].size)))
      if let into = reads[index].into {
        into.copyMemory(from: range, byteCount: range.count)
        reads[index].out = weir_bytes(data: into, size: UInt64(range.count))
      } else {
        give(range, &reads[index].out)
      }
      reads[index].total = UInt64(bytes.count)
      reads[index].status = Int32(WEIR_OK)
    }
    return isPartial ? fail("read_many", WEIR_PARTIAL, "some") : Int32(WEIR_OK)
  }

  fileprivate func copy(_ copies: [weir_copy], _ options: String?, _ out: UnsafeMutablePointer<weir_bytes>?) -> weir_status {
    let ifExists = options.flatMap { try? JSONText(validating: $0) }?["if_exists"]?.string ?? "replace"
    var (done, skipped, bytes) = (0, 0, 0)
    var failed: [JSONText] = []
    var heads: [JSONText] = []
    for (index, copy) in copies.enumerated() {
      let (from, fromKey) = (StubText.string(copy.from_container), StubText.string(copy.from_key))
      let (to, toKey) = (StubText.string(copy.to_container), StubText.string(copy.to_key))
      let refuse = { (status: Int, message: String) in
        failed.append(
          .object(["index": JSONText(index), "status": JSONText(status), "message": JSONText("\(from)/\(fromKey): \(message)")]))
        heads.append(.null)
      }
      if let status = storage.failing[fromKey] {
        refuse(status, "planted failure")
        continue
      }
      guard let source = storage.bytes(from, fromKey) else {
        refuse(WEIR_NOT_FOUND, "is not there")
        continue
      }
      if let etag = copy.from_etag, String(cString: etag) != storage.etag(source) {
        refuse(WEIR_CONFLICT, "is not what it was")
        continue
      }
      let there = storage.bytes(to, toKey)
      if there != nil, ifExists == "fail" {
        refuse(WEIR_CONFLICT, "\(to)/\(toKey) is there already")
        continue
      }
      let skips = there != nil && (ifExists == "skip" || (ifExists == "update" && there == source))
      if skips {
        skipped += 1
      } else {
        guard (try? storage.put(to, toKey, source)) != nil else {
          refuse(WEIR_FAILED, "cannot be written")
          continue
        }
        done += 1
        bytes += source.count
      }
      heads.append(storage.head(to, toKey, source, written: !skips))
    }
    give(
      .object([
        "done": JSONText(done), "skipped": JSONText(skipped), "bytes": JSONText(bytes), "failed": .array(failed), "heads": .array(heads),
      ]), out)
    if failed.isEmpty { return Int32(WEIR_OK) }
    let isRetryable = failed.contains { ($0["status"]?.int ?? 0) / 100 == 1 }
    return fail("copy", isRetryable ? WEIR_PARTIAL_RETRY : WEIR_PARTIAL, "\(failed.count) failed")
  }
}
