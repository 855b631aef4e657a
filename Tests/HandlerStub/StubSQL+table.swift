import HandlerABI
import HandlerKit

/// A session of the stub: what the C side holds a pointer to.
private final class StubSession {
  let host: StubHost
  var copied: Int?

  init(_ host: StubHost) { self.host = host }

  static func of(_ session: OpaquePointer?) -> StubSession {
    guard let session else { fatalError("a call without a session") }
    return Unmanaged<StubSession>.fromOpaque(UnsafeRawPointer(session)).takeUnretainedValue()
  }
}

extension StubSQL {
  nonisolated(unsafe) static let table = StubTables.made(  // written once
    weir_sql(
      struct_size: UInt32(MemoryLayout<weir_sql>.size), reserved: 0,
      begin: { task, database, options, out in
        let host = StubHost.of(task)
        host.sql.history.append("begin \(StubText.string(database)) \(StubText.string(options))")
        out?.pointee = OpaquePointer(Unmanaged.passRetained(StubSession(host)).toOpaque())
        return Int32(WEIR_OK)
      },
      exec: { session, sql, params, count, out in
        let host = StubSession.of(session).host
        let text = StubText.string(sql)
        let values = (0..<Int(count)).map { index in
          params.map { $0[index].data == nil ? "NULL" : String(decoding: StubText.bytes($0[index]), as: UTF8.self) } ?? ""
        }
        host.sql.history.append(([text] + values).joined(separator: " | "))
        if let failed = host.sql.failing.first(where: { text.hasPrefix($0.key) }) {
          return host.fail("sql.exec", failed.value, "planted failure")
        }
        host.give(host.sql.answer(to: text), out)
        return Int32(WEIR_OK)
      },
      copy_in: { session, sql in
        let session = StubSession.of(session)
        session.host.sql.history.append(StubText.string(sql))
        session.copied = 0
        return Int32(WEIR_OK)
      },
      copy_data: { session, data in
        let session = StubSession.of(session)
        guard let copied = session.copied else { return session.host.fail("sql.copy_data", WEIR_MISUSE, "no COPY is open") }
        session.copied = copied + Int(data.size)
        return Int32(WEIR_OK)
      },
      copy_end: { session, rows in
        let session = StubSession.of(session)
        guard let copied = session.copied else { return session.host.fail("sql.copy_end", WEIR_MISUSE, "no COPY is open") }
        session.host.sql.history.append("copy \(copied) bytes")
        session.copied = nil
        rows?.pointee = UInt64(copied)
        return Int32(WEIR_OK)
      },
      end: { session, commit in
        guard let session else { return Int32(WEIR_MISUSE) }
        let ended = Unmanaged<StubSession>.fromOpaque(UnsafeRawPointer(session)).takeRetainedValue()
        ended.host.sql.history.append(commit == 0 ? "roll back" : "commit")
        return Int32(WEIR_OK)
      }))
}
