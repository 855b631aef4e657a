import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Workflow

@testable import Storage

@Suite struct `An S3 store that refuses` {
  private func error(_ body: () throws -> Void) -> StorageError? {
    do {
      try body()
      return nil
    } catch { return error as? StorageError }
  }

  @Test(arguments: [ObjectServer.Kind.swift, .ceph])
  func `a wrong secret, an unknown key or another's bucket is denied, with the store's reason`(kind: ObjectServer.Kind) async throws {
    try await onOwnThread {
      let own = try TestBucket.store(kind)
      try own.makeContainer()
      let server = try ObjectServer.shared(kind)
      for (key, secret) in [(server.alice.key, "wrong"), ("AKIANOBODY", "nosecret"), (server.bob.key, server.bob.secret)] {
        let session = TestBucket.session(server.endpoint, key: key, secret: secret)
        let store = try TestBucket.store(session, endpoint: server.endpoint, bucket: own.location.bucket)
        let refused = error { _ = try store.list(ListQuery(), cancel: .never) }
        #expect(refused?.description.contains(secret) == false)
        // to who has no right to it, a bucket of another account may as well not be there
        if key == server.bob.key, refused?.code == .noContainer { continue }
        #expect(refused?.code == .denied, "\(String(describing: refused))")
        #expect(["SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied"].contains { refused?.cause?.contains($0) == true })
      }
    }
  }

  @Test(arguments: [ObjectServer.Kind.swift, .ceph])
  func `a clock that is off is learnt from the store's own`(kind: ObjectServer.Kind) async throws {
    try await onOwnThread {
      let server = try ObjectServer.shared(kind)
      let session = TestBucket.session(server.endpoint, key: server.alice.key, secret: server.alice.secret) {
        Date().addingTimeInterval(-7200)
      }
      let store = try TestBucket.store(session, endpoint: server.endpoint, bucket: server.freshName())
      try store.makeContainer()
      try store.write(ObjectKey("k"), [1, 2])
      #expect(try store.read(ObjectKey("k")).bytes == [1, 2])
      #expect(abs(session.date.timeIntervalSinceNow) < 60)
    }
  }

  @Test func `buckets are found as hosts too`() async throws {
    try await onOwnThread {
      let server = try ObjectServer.shared(.swift)
      let endpoint = "http://localhost:\(server.port)"
      let session = TestBucket.session(endpoint, key: server.alice.key, secret: server.alice.secret)
      let store = try TestBucket.store(session, endpoint: endpoint, bucket: server.freshName(), addressing: .virtual)
      try store.makeContainer()
      try store.write(ObjectKey("a b/ñ"), [1])
      #expect(try store.list(ListQuery(prefix: "a "), cancel: .never).objects.map(\.key.text) == ["a b/ñ"])
      #expect(store.location.origin == "http://\(store.location.bucket).localhost:\(server.port)")
      let beside = try TestBucket.store(.swift, bucket: store.location.bucket)
      #expect(try beside.read(ObjectKey("a b/ñ")).bytes == [1])
    }
  }

  @Test func `TLS needs an authority that is trusted: the system's, or the one of the container's URL`() async throws {
    try await onOwnThread {
      let server = try ObjectServer.shared(.ceph)
      let bucket = server.freshName()
      try TestBucket.store(.ceph, bucket: bucket).makeContainer()
      let (port, authority) = (try #require(server.details["tls_port"]), try #require(server.details["authority"]))
      func store(_ more: String) throws -> any ObjectStore {
        let settings = CredentialSetting(["key_id": .text(server.alice.key), "secret": .environment("SECRET")])
        let url = "s3://\(bucket)?endpoint=https://127.0.0.1:\(port)&credentials=lake\(more)"
        let containers = try Containers(
          ["silver": url], credentials: Credentials(["lake": settings], environment: ["SECRET": server.alice.secret]))
        return try containers.store(ContainerName("silver"))
      }
      try store("&ca=\(authority)").write(ObjectKey("k"), [1, 2])
      #expect(try store("&ca=\(authority)").read(ObjectKey("k")).bytes == [1, 2])
      let refused = error { _ = try store("").read(ObjectKey("k")) }
      #expect(
        refused?.code == .failed && refused?.cause?.lowercased().contains("certificate") == true, "\(String(describing: refused))")
    }
  }

  /// In one go, as whoever renews a secret must.
  private static func write(_ token: String, _ folder: TemporaryFolder) {
    guard let file = fopen(folder.path + "/next", "w") else { return }
    fputs(token + "\n", file)
    fclose(file)
    rename(folder.path + "/next", folder.path + "/token")
  }

  @Test func `a session that expired is taken up again with the token that is in its file by then`() throws {
    let folder = TemporaryFolder()
    Self.write("old", folder)
    let server = ScriptedServer { request in
      if request.number == 0 { Self.write("new", folder) }
      guard request.header("x-amz-security-token") == "new" else {
        return .http(403, [], "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>")
      }
      return .http(200, ["ETag: \"e\"", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"], "")
    }
    let session = TestBucket.session(server.url, key: "K", secret: "s", token: folder.path + "/token")
    let store = try TestBucket.store(session, endpoint: server.url, bucket: "bucket")
    #expect(try store.stat(ObjectKey("k")).etag == "e")
    #expect(server.requests.count == 2)
    Self.write("older", folder)
    let refused = error { _ = try store.read(ObjectKey("k")) }
    #expect(refused?.code == .denied && refused?.cause == "ExpiredToken: The provided token has expired.")
  }

  @Test func `a credential without its secret says which variable or file it is`() throws {
    let credentials = Credentials(
      [
        "a": CredentialSetting(["key_id": .text("K"), "secret": .environment("NOT_SET")]),
        "b": CredentialSetting(["key_id": .file("/no/file")]),
      ])
    let containers = try Containers(
      ["x": "s3://bucket/p?credentials=a&endpoint=http://127.0.0.1:1", "y": "s3://bucket?credentials=b&endpoint=http://127.0.0.1:1"],
      credentials: credentials)
    let first = error { _ = try containers.store(ContainerName("x")).stat(ObjectKey("k")) }
    #expect(first?.message == "credential \"a\": cannot be used (secret: the variable NOT_SET is not set).")
    let second = error { _ = try containers.store(ContainerName("y")).stat(ObjectKey("k")) }
    #expect(second?.message == "credential \"b\": cannot be used (key_id: /no/file: No such file or directory).")
    #expect(first?.status == .denied)
  }
}
