import Engine
import FoundationEssentials
import Storage
import Workflow

/// Sends one message to a webhook and waits for its answer: what is not public is not reached, and no redirect is followed.
struct WebhookSender: Sendable {
  private static let deadline: Duration = .seconds(20)
  /// More of an answer is not read.
  private static let mostBytes: UInt64 = 64 << 10

  private let client: HTTPClient

  /// - Parameter privateAddresses: those that may be reached all the same.
  init(privateAddresses: [NetworkRange], userAgent: String) {
    let rule = AddressRule(allowed: privateAddresses)
    var settings = HTTPSettings()
    settings.admits = { rule.admits($0) }
    settings.userAgent = userAgent
    settings.connect = .seconds(10)
    client = HTTPClient(settings)
  }

  func send(_ delivery: AlertDelivery, to webhook: Webhook, cancel: Cancellation = .never) -> DeliveryRetry.Answer {
    let signature: WebhookSignature
    let url: RequestURL
    do throws(Webhook.Fault) { signature = try webhook.signature() } catch { return DeliveryRetry.Answer(fault: error.message) }
    do throws(ServiceFault) { url = try RequestURL(webhook.url) } catch { return DeliveryRetry.Answer(fault: error.message) }
    let (id, body, now) = (delivery.messageID, delivery.body, Date())
    let timestamp = Int64(now.timeIntervalSince1970)
    let request = HTTPRequest(
      "POST", url.text,
      headers: [
        ("Content-Type", "application/json"), ("webhook-id", id), ("webhook-timestamp", "\(timestamp)"),
        ("webhook-signature", signature.sign(id: id, timestamp: timestamp, body: body)),
      ], body: .bytes(body), deadline: Self.deadline, maxBytes: Self.mostBytes)
    do throws(HTTPError) {
      let head = try client.send(request, cancel: cancel).head
      return DeliveryRetry.Answer(
        status: head.status, retryAfter: Storage.RetryPolicy.retryAfter(head, now: now),
        fault: head.isSuccess ? nil : "\(url.hostText) answered \(head.status)")
    } catch {
      // the path of such a URL is often a secret
      return DeliveryRetry.Answer(fault: "\(url.hostText): \(error.message.dropFirst(error.subject.count + 2))")
    }
  }
}
