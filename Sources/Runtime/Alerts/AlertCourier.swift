import Dispatch
import Engine
import Logging
import Storage
import Synchronization
import Workflow

/// Keeps what needs attention, and tells webhooks, as long as this host leads. A thread of its own: a server that does not answer must
/// keep no other chore.
final class AlertCourier: Sendable {
  private let engine: Engine
  private let host: Int64
  private let webhooks: [String: Webhook]
  private let sender: WebhookSender
  private let retry: DeliveryRetry
  private let pause: Duration
  private let logger: Logger
  private let isStopping = Atomic(false)
  private let signal = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)

  init(
    engine: Engine, host: Int64, webhooks: [Webhook], sender: WebhookSender, retry: DeliveryRetry, pause: Duration, logger: Logger
  ) {
    self.engine = engine
    self.host = host
    self.webhooks = Dictionary(webhooks.map { ($0.name, $0) }) { one, _ in one }
    self.sender = sender
    self.retry = retry
    self.pause = pause
    self.logger = logger
  }

  /// Works until `stop()`. Blocks its thread.
  func work() {
    while !isStopping.load(ordering: .relaxed) {
      do {
        if let term = try engine.leader.lead(host) {
          try engine.alerts.observe(webhooks.mapValues(\.kinds), term)
          try deliver(term)
        }
      } catch {
        logger.warning("Cannot tell what needs attention", metadata: ["error": "\(String(reflecting: error))"])
      }
      _ = signal.wait(timeout: .now() + .nanoseconds(Int(pause / .nanoseconds(1))))
    }
    hasEnded.signal()
  }

  /// Returns when the message in hand is sent or given up.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    signal.signal()
    hasEnded.wait()
  }

  private func deliver(_ term: Leader.Term) throws {
    guard !webhooks.isEmpty else { return }
    // one by one: what is claimed and not tried would wait for its next turn
    while !isStopping.load(ordering: .relaxed), let delivery = try engine.alerts.claim(Array(webhooks.keys), limit: 1, term).first {
      guard let webhook = webhooks[delivery.webhook] else { continue }
      let answer = sender.send(delivery, to: webhook, cancel: Cancellation { [self] in isStopping.load(ordering: .relaxed) })
      // what a stop cut off is tried by the next host in a minute, and is nobody's fault
      if answer.status == nil, isStopping.load(ordering: .relaxed) { return }
      let verdict = retry.verdict(answer, tries: delivery.tries, age: delivery.age, chance: .random(in: 0..<1))
      try engine.alerts.settle(delivery, answer, verdict)
      guard verdict != .delivered else { continue }
      logger.warning(
        "A webhook did not take an alert",
        metadata: [
          "webhook": "\(webhook.name)", "tries": "\(delivery.tries)", "error": "\(answer.fault ?? "")",
          "given_up": "\(verdict == .givenUp)",
        ])
    }
  }
}
