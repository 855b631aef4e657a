import Foundation
import TestSupport
import Testing
import Workflow

@testable import Storage

@Suite struct `Azure Blob` {
  @Test func `writes that are refused for their credential say why, and no secret`() async throws {
    try await onOwnThread {
      let server = try ObjectServer.shared(.azure)
      let name = server.freshName()
      try AzureTestStore.make(name).makeContainer()
      let wrong = try AzureTestStore.key(server.bob.secret)
      let expired = try AzureTestStore.sas(account: .init(expiry: Date(timeIntervalSince1970: 1_700_000_000)))
      let reading = try AzureTestStore.sas(account: .init(permissions: "rl"))
      let changed = AzureTestStore.sas(
        try AzureTestStore.AccountTerms(permissions: "rl").query().replacingOccurrences(of: "sp=rl", with: "sp=rwl"))
      let end = try #require(AzureSAS.value("se", in: changed.required("sas")))
      for (credential, problem) in [
        (wrong, "HTTP 403 AuthenticationFailed: the account's key is wrong"),
        (expired, "HTTP 403 AuthenticationFailed: the SAS is wrong or over, it ends 2023-11-14T22:13:20Z"),
        (changed, "HTTP 403 AuthenticationFailed: the SAS is wrong or over, it ends \(end)"),
        (reading, "HTTP 403 AuthorizationPermissionMismatch: the SAS does not allow it, its permissions are \"rl\""),
      ] {
        let error = #expect(throws: StorageError.self) { try AzureTestStore.make(name, credential: credential).put("x", at: "k") }
        #expect(error?.message == "\(name)/k: access is denied (\(problem)).")
        #expect(error?.status == .denied)
        let sas = try credential.part("sas") ?? ""
        let secret = try AzureSAS.value("sig", in: sas) ?? credential.required("account_key")
        #expect(!String(reflecting: error).contains(secret))
      }
      #expect(try AzureTestStore.make(name).allKeys() == [])
    }
  }

  @Test func `a SAS for one container neither makes it nor opens another`() async throws {
    try await onOwnThread {
      let server = try ObjectServer.shared(.azure)
      let (mine, other) = (server.freshName(), server.freshName())
      for name in [mine, other] { try AzureTestStore.make(name).makeContainer() }
      let credential = AzureTestStore.sas(try AzureTestStore.containerSAS(mine, permissions: "rwdl"))
      let store = try AzureTestStore.make(mine, credential: credential)
      try store.makeContainer()
      try store.put("x", at: "k")
      #expect(try store.text(at: "k") == "x")
      #expect(code { try AzureTestStore.make(other, credential: credential).put("x", at: "k") } == .denied)
      #expect(code { try AzureTestStore.make(other, credential: credential).makeContainer() } == .denied)
    }
  }

  @Test(arguments: [("account_key", "no base64!", "account_key is not base64"), ("sas", "sv=1&sp=r", "sas has no signature (sig=)")])
  func `a credential that cannot be one is named`(part: String, text: String, problem: String) throws {
    let credential = Credential(name: "lake", .init([part: .environment("V")]), environment: ["V": text])
    let error = #expect(throws: StorageError.self) { try AzureAccess(credential) }
    #expect(error?.message == "credential \"lake\": cannot be used (\(problem)).")
  }

  @Test func `if_match replaces exactly that version`() async throws {
    try await onOwnThread {
      let store = try AzureTestStore.make(ObjectServer.shared(.azure).freshName())
      try store.makeContainer()
      let first = try store.put("one", at: "k").head.etag
      let second = try store.put("two", at: "k", WriteOptions(ifMatch: first)).head.etag
      #expect(code { try store.put("x", at: "k", WriteOptions(ifMatch: first)) } == .changed(expected: first, found: second))
      #expect(code { try store.put("x", at: "n", WriteOptions(ifMatch: first)) } == .changed(expected: first, found: nil))
      #expect(try store.text(at: "k") == "two")
    }
  }

  @Test func `writers of the same large object do not mix their blocks`() async throws {
    try await onOwnThread {
      let store = try AzureTestStore.make(ObjectServer.shared(.azure).freshName())
      try store.makeContainer()
      let size = AzureWriter.blockBytes + 1000
      Lanes.forEach(3, lanes: 3) { index in
        // the others' blocks are gone when one has committed: that is told, and may be tried again
        let failure = code { try store.write(ObjectKey("k"), [UInt8](repeating: UInt8(index), count: size)) }
        #expect(failure == nil || failure == .unreachable)
      }
      let bytes = try store.read(ObjectKey("k")).bytes
      #expect(bytes.count == size && Set(bytes).count == 1)
    }
  }

  @Test func `a copy that cannot be made at once is made of blocks`() async throws {
    try await onOwnThread {
      let server = try ObjectServer.shared(.azure)
      let store = try AzureTestStore.make(server.freshName(), copyBlockBytes: 1000)
      try store.makeContainer()
      // another media type takes the same way as more than 256 MiB
      let bytes = (0..<9_005).map { UInt8(truncatingIfNeeded: $0 / 1000) }
      try store.write(ObjectKey("a"), bytes)
      let head = try store.stat(ObjectKey("a"))
      let copied = try store.copy(
        from: store, ObjectKey("a"), head, to: ObjectKey("b"), options: WriteOptions(type: "image/tiff"), cancel: .never)
      #expect(copied?.head.size == head.size && copied?.head.sha256 == head.sha256 && copied?.head.type == "image/tiff")
      #expect(try store.read(ObjectKey("b")).bytes == bytes)
    }
  }

  @Test func `a copy that the service makes after its answer is waited for`() async throws {
    try await onOwnThread {
      let server = try ObjectServer.shared(.azure)
      let source = try AzureTestStore.make(server.freshName())
      let target = try AzureTestStore.make(server.freshName() + "-pending3")
      for store in [source, target] { try store.makeContainer() }
      let head = try source.put("bytes", at: "k").head
      let copied = try target.copy(from: source, ObjectKey("k"), head, to: ObjectKey("k"), options: .init(), cancel: .never)
      #expect(copied?.isWritten == true && copied?.head.sha256 == head.sha256)
      #expect(try target.text(at: "k") == "bytes")
    }
  }

  @Test func `a copy that nobody wants any more is aborted, and nothing is left`() async throws {
    try await onOwnThread {
      let server = try ObjectServer.shared(.azure)
      let source = try AzureTestStore.make(server.freshName())
      let target = try AzureTestStore.make(server.freshName() + "-pending1000000")
      for store in [source, target] { try store.makeContainer() }
      let head = try source.put("bytes", at: "k").head
      let asked = Tally()
      let failure = code {
        _ = try target.copy(
          from: source, ObjectKey("k"), head, to: ObjectKey("k"), options: .init(), cancel: Cancellation { asked.add() > 12 })
      }
      #expect(failure == .cancelled)
      #expect(code { _ = try target.look(ObjectKey("k")) } == .noObject)
    }
  }

  @Test func `a blob whose copying is not done is no object yet`() async throws {
    try await onOwnThread {
      let server = try ObjectServer.shared(.azure)
      let source = try AzureTestStore.make(server.freshName())
      let target = try AzureTestStore.make(server.freshName() + "-pending1000000")
      for store in [source, target] { try store.makeContainer() }
      try source.put("bytes", at: "k")
      var call = AzureCall("PUT", "k", subject: "k")
      call.headers = [("x-ms-copy-source", source.address.url("k"))]
      _ = try target.client.send(call, cancel: .never)
      #expect(code { _ = try target.stat(ObjectKey("k")) } == .noObject)
      #expect(code { _ = try target.read(ObjectKey("k")) } == .noObject)
      #expect(try target.allKeys() == [])
    }
  }

  @Test func `a copy that the service cannot finish is an error, and leaves nothing`() async throws {
    try await onOwnThread {
      let server = try ObjectServer.shared(.azure)
      let source = try AzureTestStore.make(server.freshName())
      let target = try AzureTestStore.make(server.freshName() + "-failing")
      for store in [source, target] { try store.makeContainer() }
      let head = try source.put("bytes", at: "k").head
      let error = #expect(throws: StorageError.self) {
        try target.copy(from: source, ObjectKey("k"), head, to: ObjectKey("k"), options: .init(), cancel: .never)
      }
      #expect(error?.message == "\(target.name)/k: the store failed (the store could not copy it from \(source.name)/k).")
      #expect(code { _ = try target.look(ObjectKey("k")) } == .noObject)
    }
  }
}
