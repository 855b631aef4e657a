import Engine
public import Storage
public import Workflow

/// Where alerts are sent, with what signs them.
public struct Webhook: Sendable {
  public var name: String
  public var url: String
  public var kinds: Set<Attention.Kind>
  private let credential: Credential?
  private let credentialName: String

  /// Nothing is read yet: a secret that is missing shows at the first delivery, and in `weir doctor`.
  public init(_ name: String, _ setting: WebhookSetting, credentials: Credentials) {
    self.name = name
    url = setting.url
    kinds = Set(setting.kinds ?? Attention.Kind.allCases)
    credential = credentials[setting.credential]
    credentialName = setting.credential
  }

  /// What signs; read anew each time, so that a key can be changed.
  func signature() throws(Fault) -> WebhookSignature {
    guard let credential else { throw Fault(message: "there is no credential \"\(credentialName)\"") }
    let secret: String
    do throws(StorageError) { secret = try credential.required("signing_key") } catch { throw Fault(message: error.message) }
    guard let signature = WebhookSignature(secret: secret) else {
      throw Fault(
        message: "credential \"\(credentialName)\": its signing_key is neither whsec_ with base64 nor \(WebhookSignature.shortestKey) "
          + "characters or more")
    }
    return signature
  }

  /// Why nothing can be sent, for a person; it holds no secret, and no path, which is often one.
  struct Fault: Error {
    var message: String
  }
}
