import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Signed messages that start a workflow` {
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  let desk: Desk
  private var triggers: Triggers { desk.engine.triggers }

  init() throws {
    desk = try Desk()
    try desk.put(Sample.one)
    let text = #"{"workflow": "w", "on": {"webhook": {"credential": "partner"}}, "params": {"what": "${event.body.what}"}}"#
    _ = try triggers.put("hook", TriggerSettings(JSON(parsing: Array(text.utf8))), by: .olga)
  }

  private var now: Int64 { get throws { Int64(try desk.number("SELECT extract(epoch FROM now())::bigint")) } }

  private func message(_ id: String = "msg_1", at time: Int64? = nil, _ body: String = #"{"what": 7}"#) throws -> Triggers.Message {
    let (time, signature) = (try time ?? now, try #require(WebhookSignature(secret: Self.secret)))
    return Triggers.Message(
      id: id, timestamp: "\(time)", signatures: "v1,AAAA \(signature.sign(id: id, timestamp: time, body: Array(body.utf8)))",
      body: Array(body.utf8))
  }

  private func fire(_ message: Triggers.Message, _ name: String = "hook", key: String? = secret) throws -> Triggers.Fired {
    try triggers.fire(name, message) { $0 == "partner" ? key : nil }
  }

  private func refusal(_ message: Triggers.Message, _ name: String = "hook", key: String? = secret) -> String? {
    do {
      _ = try fire(message, name, key: key)
      return nil
    } catch { return (error as? EngineError)?.message ?? "\(error)" }
  }

  @Test func `are signed as Standard Webhooks has them`() throws {
    // the example of the specification
    let signature = try #require(WebhookSignature(secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let body = Array(#"{"test": 2432232314}"#.utf8)
    #expect(
      signature.sign(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: body)
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    #expect(WebhookSignature(secret: "short") == nil && WebhookSignature(secret: "whsec_!") == nil && WebhookSignature(secret: "") == nil)
  }

  @Test func `start it once for each id`() throws {
    let fired = try fire(try message())
    let job = try desk.job(try #require(fired.jobID))
    #expect(fired.isNew && job.params.text == #"{"what":7}"#)
    let again = try fire(try message())
    #expect(!again.isNew && again.jobID == fired.jobID)
    #expect(try fire(try message("msg_2")).jobID != fired.jobID)
    #expect(try desk.number("SELECT count(*) FROM jobs") == 2)
  }

  @Test func `are not believed when anything of them is other than it was`() throws {
    let good = try message()
    let wrong = #"the message for trigger "hook" is not believed: none of its signatures is right"#
    var other = good
    other.body.append(32)
    #expect(refusal(other) == wrong)
    other = good
    other.id = "msg_9"
    #expect(refusal(other) == wrong)
    other = good
    other.signatures = nil
    #expect(refusal(other) == wrong && refusal(good, key: nil) == wrong && refusal(good, key: "0123456789abcdefg") == wrong)
    #expect(refusal(good, "none") == #"the message for trigger "none" is not believed: none of its signatures is right"#)
    for id in [nil, "", "a.b", String(repeating: "a", count: 201)] as [String?] {
      other = good
      other.id = id
      #expect(refusal(other)?.contains("webhook-id is missing") == true, "\(id ?? "nil")")
    }
    #expect(try desk.number("SELECT count(*) FROM jobs") == 0)
  }

  @Test func `are believed for five minutes`() throws {
    let now = try now
    for offset in [-310, 310] as [Int64] {
      #expect(refusal(try message(at: now + offset))?.contains("more than 5 minutes from this host's clock") == true)
    }
    #expect(refusal(try message(at: now - 250)) == nil)
    var other = try message("msg_3")
    for time in ["", "x", "-5", "99999999999999999999"] {
      other.timestamp = time
      #expect(refusal(other)?.contains("webhook-timestamp") == true)
    }
  }

  @Test func `wait for their sender while it is paused`() throws {
    _ = try triggers.pause("hook", by: .olga)
    #expect(refusal(try message()) == #"trigger "hook" is paused"#)
    _ = try triggers.resume("hook", by: .olga)
    #expect(try fire(try message()).isNew)
  }

  @Test func `say what is wrong with what they bring`() throws {
    #expect(refusal(try message("msg_4", "{"))?.contains("are not a JSON object") == true)
    #expect(try fire(try message("msg_5", "")).isNew)
  }
}
