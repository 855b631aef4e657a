import Testing
import Workflow

@Suite struct `What a trigger may be` {
  private func settings(_ text: String) throws -> TriggerSettings { try TriggerSettings(JSON(parsing: Array(text.utf8))) }

  @Test func `is kept as it was said, with what was left out`() throws {
    for (given, kept) in [
      (
        #"{"objects": {"container": "bronze"}}"#,
        #"{"objects":{"container":"bronze","prefix":"","suffix":"","dedup":"version","every":"1m","batch":1}}"#
      ),
      (#"{"dataset": {"id": "rivers"}}"#, #"{"dataset":{"id":"rivers"}}"#),
      (#"{"job": {"workflow": "v"}}"#, #"{"job":{"workflow":"v","states":["completed","completed_with_errors"]}}"#),
      (#"{"webhook": {"credential": "partner"}}"#, #"{"webhook":{"credential":"partner"}}"#),
    ] {
      let read = try settings(#"{"workflow": "w", "on": \#(given)}"#)
      #expect(read.json["on"]?.serialized() == kept)
      #expect(try TriggerSettings(read.json) == read)
    }
  }

  @Test(arguments: [
    ("[]", #"expected an object such as {"workflow": .., "on": {..}}"#), (#"{"on": {}}"#, "workflow: is missing"),
    (#"{"workflow": "w"}"#, "on: is missing; it is an object with one of objects, dataset, job, webhook"),
    (#"{"workflow": "w", "on": {}}"#, "on: expected an object with one of objects, dataset, job, webhook"),
    (#"{"workflow": "w", "on": {"objects": 1}}"#, "on.objects: expected an object"),
    (
      #"{"workflow": "w", "on": {"objects": {"container": "b", "evry": 1}}}"#,
      "on.objects.evry: unknown key; there are container, prefix, suffix, dedup, every, batch"
    ),
    (#"{"workflow": "w", "on": {"objects": {"container": "b", "every": "10ms"}}}"#, "on.objects.every: expected a duration from 1s to 1d"),
    (
      #"{"workflow": "w", "on": {"objects": {"container": "b", "batch": 1001}}}"#,
      "on.objects.batch: expected a whole number from 1 to 1000"
    ),
    (
      #"{"workflow": "w", "on": {"job": {"workflow": "v", "states": ["running"]}}}"#,
      "on.job.states: expected some of completed, completed_with_errors, failed, cancelled"
    ),
    (#"{"workflow": "w", "on": {"job": {"workflow": "w"}}}"#, "on.job.workflow: a workflow that starts itself would never end"),
    (
      #"{"workflow": "w", "on": {"dataset": {"id": "r"}}, "params": {"x": "a ${event.key}"}}"#,
      "params: ${event.key} is nothing of such an event; it has dataset, version, source_version"
    ),
  ]) func `says what it may not be`(text: String, message: String) {
    do {
      _ = try settings(text)
      Issue.record("it may be")
    } catch {
      #expect((error as? TriggerSettings.Fault)?.message == message)
    }
  }

  @Test func `makes parameters of what happened`() throws {
    let one = try settings(
      #"{"workflow": "w", "on": {"objects": {"container": "b", "prefix": "in/", "suffix": ".tif"}}, "params": {"what": ["${event.key} of ${event.size}", "${event.size}", "$${event.", 1]}}"#
    )
    guard case .objects(let source) = one.source else {
      Issue.record("no objects")
      return
    }
    let event = try #require(source.event(key: "in/a.tif", etag: "e", size: 12, modified: 0))
    #expect(one.params(of: [event]).serialized() == #"{"what":["in/a.tif of 12",12,"$${event.",1]}"#)
    #expect(
      source.event(key: "in/a.txt", etag: "e", size: 1, modified: 0) == nil
        && source.event(key: "out/a.tif", etag: "e", size: 1, modified: 0) == nil)
    let many = try settings(#"{"workflow": "w", "on": {"objects": {"container": "b", "batch": 2}}, "params": {"all": "${event.objects}"}}"#)
    #expect(
      many.params(of: [event, event])["all"]?[1]?.serialized()
        == #"{"container":"b","key":"in/a.tif","etag":"e","size":12,"modified":"1970-01-01T00:00:00.000Z"}"#)
    let message = try settings(
      #"{"workflow": "w", "on": {"webhook": {"credential": "c"}}, "params": {"a": "${event.body.list.1.x}", "b": "${event.body}", "c": "no ${event.body.none}", "d": "${event.body.none}"}}"#
    )
    let body = try JSON(parsing: Array(#"{"list":[1,{"x":true}]}"#.utf8))
    let fired = TriggerEvent(key: "m", subject: "m", happenedAt: 0, values: JSONObject([("id", "m"), ("time", "t"), ("body", body)]))
    #expect(message.params(of: [fired]).serialized() == #"{"a":true,"b":{"list":[1,{"x":true}]},"c":"no ","d":null}"#)
  }

  @Test func `an object is an event by its version, or once by its key`() throws {
    func key(_ dedup: String, _ etag: String) throws -> String? {
      guard
        case .objects(let source) = try settings(#"{"workflow": "w", "on": {"objects": {"container": "b", "dedup": "\#(dedup)"}}}"#).source
      else { return nil }
      return source.event(key: "a", etag: etag, size: 1, modified: 0)?.key
    }
    #expect(try key("version", "1") != key("version", "2") && key("key", "1") == key("key", "2"))
  }
}
