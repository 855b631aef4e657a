import FoundationEssentials
import Synchronization
import TestSupport
import Workflow

@testable import Storage

/// Buckets on the test servers.
enum TestBucket {
  private static let sessions = Mutex<[String: S3Session]>([:])

  /// A store of its own bucket, which is not made yet; stores of one server share a session.
  static func store(
    _ kind: ObjectServer.Kind, bucket: String? = nil, prefix: String = "", addressing: S3Location.Addressing = .path
  ) throws -> S3Store {
    let server = try ObjectServer.shared(kind)
    let shared = sessions.withLock { sessions in
      let known = sessions[kind.rawValue] ?? Self.session(server.endpoint, key: server.alice.key, secret: server.alice.secret)
      sessions[kind.rawValue] = known
      return known
    }
    return try store(shared, endpoint: server.endpoint, bucket: bucket ?? server.freshName(), prefix: prefix, addressing: addressing)
  }

  static func store(
    _ session: S3Session, endpoint: String, bucket: String, prefix: String = "", addressing: S3Location.Addressing = .path
  ) throws -> S3Store {
    let location = S3Location(endpoint: endpoint, region: ObjectServer.region, bucket: bucket, prefix: prefix, addressing: addressing)
    return S3Store(name: try ContainerName(bucket), location: location, session: session)
  }

  static func session(
    _ endpoint: String, key: String, secret: String, token: String? = nil,
    retry: Storage.RetryPolicy = Storage.RetryPolicy(base: .milliseconds(1)),
    settings: HTTPSettings = HTTPSettings(), sizes: S3Sizes = S3Sizes(), now: @escaping @Sendable () -> Date = { Date() }
  ) -> S3Session {
    var parts: [String: CredentialSetting.Source] = ["key_id": .text(key), "secret": .environment("SECRET")]
    if let token { parts["session_token"] = .file(token) }
    let credential = Credential(name: "test", CredentialSetting(parts), environment: ["SECRET": secret])
    return S3Session(
      endpoint: endpoint, region: ObjectServer.region, credential: credential, settings: settings, retry: retry, sizes: sizes, now: now)
  }
}
