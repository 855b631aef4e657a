import Storage
public import Workflow

/// Whether the webhooks can be told anything: their URLs, addresses and signing keys. Sends nothing.
public struct WebhookCheck: Sendable {
  private let webhooks: [Webhook]
  private let rule: AddressRule

  /// - Parameter environment: the host's: a command that is run by hand may have another than the service.
  public init(_ configuration: HostConfiguration, environment: [String: String]) {
    let credentials = Credentials(configuration.credentials, environment: environment)
    webhooks = configuration.webhooks.sorted { $0.key < $1.key }.map { Webhook($0.key, $0.value, credentials: credentials) }
    rule = AddressRule(allowed: configuration.privateAddresses)
  }

  /// One for each webhook; a secret is in none.
  public var findings: [Finding] { webhooks.map(finding) }

  private func finding(_ webhook: Webhook) -> Finding {
    let subject = "webhooks.\(webhook.name)"
    do throws(Webhook.Fault) { _ = try webhook.signature() } catch {
      return Finding(
        .error, subject, "\(error.message).", hint: "Give the credential a part \"signing_key\", by {\"env\": ..} or {\"file\": ..}.")
    }
    let url: RequestURL
    do throws(ServiceFault) { url = try RequestURL(webhook.url) } catch { return Finding(.error, subject, "\(error.message).") }
    if case .address(let address) = url.host, !rule.admits(address) {
      return Finding(
        .error, subject, "\(address) is a private address: nothing is sent there.", hint: "Allow it: \"private_addresses\": \"\(address)\"."
      )
    }
    guard url.isSecure else {
      return Finding(.warning, subject, "\(url.origin) is not https: what is sent there can be read on the way.")
    }
    return Finding(.fine, subject, "to \(url.origin)")
  }
}
