import Testing
import Workflow

@Suite struct `Rate limits` {
  @Test(arguments: [("10/s", 10, 1, 10), ("600/m", 600, 60, 10), ("100/h", 100, 3_600, 1), ("5000/d", 5_000, 86_400, 1)])
  func `are read, and written as they were`(text: String, count: Int, seconds: Int, burst: Int) throws {
    let rate = try #require(RateLimit(text))
    #expect(rate.count == count && rate.seconds == seconds && rate.usualBurst == burst && "\(rate)" == text)
  }

  @Test(arguments: ["", "10", "/s", "10/", "10/w", "0/s", "-1/s", "+1/s", "1.5/s", "10/s/s", "10 /s", "9999999999/s"])
  func `are refused`(text: String) { #expect(RateLimit(text) == nil) }
}

@Suite struct `Limits and resources of a configuration` {
  private func load(_ text: String) throws(Problems) -> HostConfiguration {
    try HostConfiguration.load(file: ("weir.json", Array(text.utf8)), environment: [:]).configuration
  }

  @Test func `are read by name`() throws {
    let configuration = try load(
      #"""
      {"limits": {"planet_api": {"concurrency": 4, "rate": "10/s", "burst": 3}, "ingest.copy": {"concurrency": 0}},
       "resources": {"ingest.copy": {"planet_api": 2}}}
      """#)
    #expect(configuration.limits["planet_api"] == LimitSettings(concurrency: 4, rate: RateLimit("10/s"), burst: 3))
    #expect(configuration.limits["ingest.copy"] == LimitSettings(concurrency: 0))
    #expect(configuration.resources == ["ingest.copy": ["planet_api": 2]])
  }

  @Test(arguments: [
    #"{"limits": {"Planet": {"concurrency": 4}}}"#, #"{"limits": {"p": {}}}"#, #"{"limits": {"p": {"rate": "fast"}}}"#, #"{"limits": []}"#,
    #"{"resources": {"copy": {"p": 1}}}"#, #"{"resources": {"ingest.copy": {"p": 0}}}"#, #"{"resources": {"ingest.copy": {"p.q": 1}}}"#,
  ])
  func `are refused`(text: String) { #expect(throws: Problems.self) { try load(text) } }
}
