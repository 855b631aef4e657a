import FoundationEssentials
import TestSupport
import Testing
import Workflow

@testable import Storage

/// Stores on the stand-in for Azure Blob.
enum AzureTestStore {
  /// Quick to try again: tests do not wait for a real service to recover.
  static let retry = RetryPolicy(attempts: 6, base: .milliseconds(1), cap: .milliseconds(20))

  static func make(
    _ name: String, prefix: String = "", endpoint: String? = nil, credential: Credential? = nil, settings: HTTPSettings = HTTPSettings(),
    copyBlockBytes: UInt64 = 64 << 20, now: @escaping @Sendable () -> Date = { Date() }
  ) throws -> AzureStore {
    let server = try ObjectServer.shared(.azure)
    let address = AzureAddress(
      account: server.alice.key, container: name, prefix: prefix, endpoint: (endpoint ?? server.endpoint) + "/" + server.alice.key)
    let session = AzureSession(
      credential: try credential ?? key(), settings: settings, retry: retry, copyBlockBytes: copyBlockBytes, now: now)
    return AzureStore(name: try ContainerName(name), address: address, session: session)
  }

  static func key(_ secret: String? = nil) throws -> Credential {
    let secret = try secret ?? ObjectServer.shared(.azure).alice.secret
    return Credential(name: "lake", CredentialSetting(["account_key": .environment("KEY")]), environment: ["KEY": secret])
  }

  static func sas(_ query: String) -> Credential {
    Credential(name: "lake", CredentialSetting(["sas": .environment("SAS")]), environment: ["SAS": query])
  }

  static func sas(account terms: AccountTerms) throws -> Credential { sas(try terms.query()) }

  /// The terms of an account's SAS, signed here after Microsoft's page, so that the SDK's code checks ours.
  struct AccountTerms {
    var permissions = "rwdlc"
    var resources = "sco"
    var expiry = Date(timeIntervalSinceNow: 3600)

    static let rightsOnAll = AccountTerms()

    func query() throws -> String {
      let server = try ObjectServer.shared(.azure)
      let end = DateStamp(expiry).extended
      let text = [server.alice.key, permissions, "b", resources, "", end, "", "", AzureClient.version, "", ""].joined(separator: "\n")
      let signature = Base64.text(KeyedHash.sha256(key: try #require(Base64.bytes(server.alice.secret)), text))
      return "sv=\(AzureClient.version)&ss=b&srt=\(resources)&sp=\(permissions)&se=\(PercentEncoding.encode(end))"
        + "&sig=\(PercentEncoding.encode(signature))"
    }
  }
}

extension AzureTestStore {
  /// A service SAS for one container of alice's.
  static func containerSAS(_ name: String, permissions: String) throws -> String {
    let server = try ObjectServer.shared(.azure)
    let end = DateStamp(Date(timeIntervalSinceNow: 3600)).extended
    let resource = "/blob/\(server.alice.key)/\(name)"
    let text = [permissions, "", end, resource, "", "", "", AzureClient.version, "c", "", "", "", "", "", "", ""].joined(separator: "\n")
    let signature = Base64.text(KeyedHash.sha256(key: try #require(Base64.bytes(server.alice.secret)), text))
    return "sv=\(AzureClient.version)&sr=c&sp=\(permissions)&se=\(PercentEncoding.encode(end))&sig=\(PercentEncoding.encode(signature))"
  }
}
