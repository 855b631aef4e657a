import HandlerABI
import HandlerKit

extension StubStac {
  nonisolated(unsafe) static let table = StubTables.made(  // written once
    weir_stac(
      struct_size: UInt32(MemoryLayout<weir_stac>.size), reserved: 0,
      put_collection: { task, document, _, out in
        let host = StubHost.of(task)
        guard let json = try? JSONText(validating: StubText.bytes(document)), let id = json["id"]?.string else {
          return host.fail("put_collection", WEIR_INVALID, "no collection")
        }
        host.stac.collections[id] = json
        host.give(.object(["written": JSONText(1), "unchanged": JSONText(0)]), out)
        return Int32(WEIR_OK)
      },
      prepare: { task, collection, intervals, _ in
        let host = StubHost.of(task)
        guard host.stac.collections[StubText.string(collection)] != nil else {
          return host.fail("prepare", WEIR_NOT_FOUND, "no collection")
        }
        host.stac.prepared = try? JSONText(validating: StubText.bytes(intervals))
        return Int32(WEIR_OK)
      },
      put_items: { task, collection, items, _, out in
        let host = StubHost.of(task)
        host.count("put_items")
        return host.putItems(StubText.string(collection), StubStac.splitObjects(items), out)
      },
      remove_items: { task, collection, ids, out in
        let host = StubHost.of(task)
        host.count("remove_items")
        return host.removeItems(StubText.string(collection), try? JSONText(validating: StubText.bytes(ids)), out)
      },
      finish: { task, collection, options, out in
        let host = StubHost.of(task)
        host.stac.finished = options.flatMap { try? JSONText(validating: String(cString: $0)) }
        host.give(.object(["items": JSONText(host.stac.items[StubText.string(collection)]?.count ?? 0), "extent": .null]), out)
        return Int32(WEIR_OK)
      },
      check: { task, documents, _, out in
        let host = StubHost.of(task)
        host.count("check")
        let failed = StubStac.splitObjects(documents).enumerated().compactMap { index, document in
          host.stac.problem(document).map { (index, document["id"]?.string, WEIR_INVALID, $0.pointer, $0.message) }
        }
        host.give(.object(["failed": StubStac.failures(failed)]), out)
        return failed.isEmpty ? Int32(WEIR_OK) : host.fail("check", WEIR_PARTIAL, "\(failed.count) failed")
      },
      published: { task, collection, options, out in
        let host = StubHost.of(task)
        let asked = options.flatMap { try? JSONText(validating: String(cString: $0)) }
        let pages = host.stac.pages[asked?["what"]?.string ?? ""] ?? [.object(["items": .array([]), "objects": .array([])])]
        let number = asked?["after"]?.string.flatMap { Int($0) } ?? 0
        let next = number + 1 < pages.count ? JSONText("\(number + 1)") : JSONText.null
        host.give(pages[number].setting("next", to: next), out)
        return Int32(WEIR_OK)
      },
      withdraw: { task, collection, options, out in
        let host = StubHost.of(task)
        host.stac.withdrawn = options.flatMap { try? JSONText(validating: String(cString: $0)) }
        let left = host.stac.items[StubText.string(collection)]?.count ?? 0
        host.give(
          .object(["collection": JSONText(left == 0), "catalog_entries": JSONText(1), "items_left": JSONText(left)]), out)
        return Int32(WEIR_OK)
      }))

  /// Objects one after another, any white space between.
  fileprivate static func splitObjects(_ bytes: weir_bytes) -> [JSONText] {
    var objects: [JSONText] = []
    var depth = 0
    var start: Int?
    var inString = false
    var isEscaped = false
    let all = StubText.bytes(bytes)
    for (at, byte) in all.enumerated() {
      if inString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          inString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): inString = true
      case UInt8(ascii: "{"):
        if depth == 0 { start = at }
        depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0, let start, let json = try? JSONText(validating: Array(all[start...at])) { objects.append(json) }
      default: break
      }
    }
    return objects
  }
}

extension StubHost {
  fileprivate func removeItems(_ collection: String, _ ids: JSONText?, _ out: UnsafeMutablePointer<weir_bytes>?) -> weir_status {
    var removed = 0
    for element in ids?.elements ?? [] {
      let id = element.string ?? element["id"]?.string ?? ""
      stac.removed.append(element)
      if stac.items[collection]?.removeValue(forKey: id) != nil { removed += 1 }
    }
    give(.object(["removed": JSONText(removed), "failed": .array([])]), out)
    return Int32(WEIR_OK)
  }

  fileprivate func putItems(_ collection: String, _ documents: [JSONText], _ out: UnsafeMutablePointer<weir_bytes>?) -> weir_status {
    guard stac.collections[collection] != nil else { return fail("put_items", WEIR_NOT_FOUND, "no collection \(collection)") }
    var (written, unchanged) = (0, 0)
    var failed: [(index: Int, id: String?, status: Int, pointer: String, message: String)] = []
    for (index, document) in documents.enumerated() {
      let id = document["id"]?.string ?? ""
      if let status = stac.failing[id] {
        failed.append((index, id, status, "/id", "planted failure"))
      } else if stac.items[collection]?[id] == document {
        unchanged += 1
      } else {
        stac.items[collection, default: [:]][id] = document
        written += 1
      }
    }
    give(.object(["written": JSONText(written), "unchanged": JSONText(unchanged), "failed": StubStac.failures(failed)]), out)
    if failed.isEmpty { return Int32(WEIR_OK) }
    return fail("put_items", failed.contains { $0.status / 100 == 1 } ? WEIR_PARTIAL_RETRY : WEIR_PARTIAL, "\(failed.count) failed")
  }
}
