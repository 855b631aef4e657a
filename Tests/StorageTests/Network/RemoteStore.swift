import FoundationEssentials
import TestSupport
import Testing

@testable import Storage

/// A kind of store behind a network, for tests of what a network does.
struct RemoteStore: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let server: ObjectServer.Kind
  /// What it says to one who comes too often.
  let busyBody: String
  /// What it says to one whose credential is over.
  let expired: Fault
  /// A store on a container of the server, through another endpoint, with a clock of its own.
  let make:
    @Sendable (_ name: String, _ endpoint: String, _ settings: HTTPSettings, _ now: @escaping @Sendable () -> Date) throws ->
      any ObjectStore

  static let all: [RemoteStore] = [.ceph, .swift, .azure]

  static let ceph = s3("S3 by Ceph", .ceph)
  static let swift = s3("S3 by Swift", .swift)

  private static func s3(_ description: String, _ kind: ObjectServer.Kind) -> RemoteStore {
    RemoteStore(
      testDescription: description, server: kind, busyBody: "<Error><Code>SlowDown</Code><Message>503: reduce your rate.</Message></Error>",
      expired: .answer(status: 403, body: "<Error><Code>ExpiredToken</Code><Message>The token has expired.</Message></Error>")
    ) { name, endpoint, settings, now in
      let alice = try ObjectServer.shared(kind).alice
      let session = TestBucket.session(
        endpoint, key: alice.key, secret: alice.secret, retry: AzureTestStore.retry, settings: settings, now: now)
      return try TestBucket.store(session, endpoint: endpoint, bucket: name)
    }
  }

  static let azure = RemoteStore(
    testDescription: "Azure", server: .azure, busyBody: "<Error><Code>ServerBusy</Code></Error>",
    expired: .answer(
      status: 403, headers: ["x-ms-error-code": "AuthenticationFailed"],
      body: "<Error><Code>AuthenticationFailed</Code><Message>Signature not valid in the specified time frame, sig=SECRET</Message></Error>"
    )
  ) { name, endpoint, settings, now in
    try AzureTestStore.make(name, endpoint: endpoint, settings: settings, now: now)
  }

  /// A container that is made, seen straight, and through a proxy that spoils what the rule says.
  func behind(
    settings: HTTPSettings = HTTPSettings(), now: @escaping @Sendable () -> Date = { Date() }, _ rule: @escaping FaultProxy.Rule
  ) throws -> Spoiled {
    let server = try ObjectServer.shared(server)
    let name = server.freshName()
    let straight = try make(name, server.endpoint, HTTPSettings(), { Date() })
    try straight.makeContainer()
    let proxy = try FaultProxy(to: server.port, rule: rule)
    return Spoiled(straight: straight, store: try make(name, proxy.endpoint, settings, now), proxy: proxy)
  }

  struct Spoiled: Sendable {
    let straight: any ObjectStore
    let store: any ObjectStore
    let proxy: FaultProxy
  }
}
