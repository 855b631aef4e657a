import Testing
import Workflow

@Suite struct `Webhooks and traces of the configuration` {
  private func load(_ text: String) throws(Problems) -> (HostConfiguration, [String: String?]) {
    let loaded = try HostConfiguration.load(file: ("weir.json", Array(text.utf8)), environment: [:])
    return (loaded.configuration, Dictionary(uniqueKeysWithValues: loaded.origins.map { ($0.name, $0.value) }))
  }

  @Test func `are read, and shown without what may be secret in them`() throws {
    let (configuration, shown) = try load(
      #"""
      {"webhooks": {"ops": {"url": "https://hooks.example.org/services/T0/s3cr3t?x=1", "credential": "ops", "kinds": ["host_lost"]}},
       "traces": {"endpoint": "http://127.0.0.1:4318/v1/traces", "ratio": 0.25}}
      """#)
    #expect(
      configuration.webhooks
        == ["ops": WebhookSetting(url: "https://hooks.example.org/services/T0/s3cr3t?x=1", credential: "ops", kinds: [.hostLost])])
    #expect(configuration.traces == TraceSetting(endpoint: "http://127.0.0.1:4318/v1/traces", ratio: 0.25))
    #expect(shown["webhooks"] == "ops: https://hooks.example.org signed by ops")
    #expect(shown["traces"] == "http://127.0.0.1:4318/v1/traces, a share of 0.25")
  }

  @Test(arguments: [
    #"{"webhooks": {"ops": {"url": "ftp://x", "credential": "c"}}}"#, #"{"webhooks": {"ops": {"url": "https://x"}}}"#,
    #"{"webhooks": {"Ops": {"url": "https://x", "credential": "c"}}}"#,
    #"{"webhooks": {"ops": {"url": "https://x", "credential": "c", "kinds": ["x"]}}}"#,
    #"{"webhooks": {"ops": {"url": "https://x", "credential": "c", "secret": "geheim"}}}"#,
    #"{"traces": {"endpoint": "x"}}"#, #"{"traces": {"endpoint": "http://x", "ratio": 1.5}}"#, #"{"traces": {"ratio": 1}}"#,
  ]) func `are refused, and what was given is not repeated`(text: String) {
    do throws(Problems) {
      _ = try load(text)
      Issue.record("it was taken")
    } catch {
      #expect(error.list.count == 1 && error.list[0].message.contains("expected an object") && !"\(error)".contains("geheim"), "\(error)")
    }
  }
}
