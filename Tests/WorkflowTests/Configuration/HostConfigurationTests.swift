import Testing
import Workflow

@Suite struct `HostConfiguration.load` {
  private func load(_ text: String?, _ environment: [String: String] = [:]) throws(Problems) -> (HostConfiguration, [String: String]) {
    let loaded = try HostConfiguration.load(file: text.map { ("weir.json", Array($0.utf8)) }, environment: environment)
    let origins = loaded.origins.map { ($0.name, "\($0.value ?? "-") \($0.source)") }
    return (loaded.configuration, Dictionary(uniqueKeysWithValues: origins))
  }

  private func problems(_ text: String?, _ environment: [String: String] = [:]) -> [String] {
    do throws(Problems) {
      _ = try load(text, environment)
      return []
    } catch {
      return error.list.map(\.description)
    }
  }

  @Test func `without anything the defaults are in force`() throws {
    let (configuration, origins) = try load(nil)
    #expect(configuration == HostConfiguration())
    #expect(origins["listen"] == "127.0.0.1:8080 default" && origins["lease"] == "30s default" && origins["token"] == "- default")
  }

  @Test func `the environment counts more than the file, and secrets are hidden`() throws {
    let (configuration, origins) = try load(
      #"""
      {"$schema": "x", "listen": "0.0.0.0:80", "token": "abcdefghijklmnop", "runners": 4, "lease": "1m", "log_level": "debug",
       "database_url": "postgresql://u:secret@h/d", "containers": {"b*": "file:///data/*"}}
      """#, ["WEIR_LISTEN": "[::1]:0", "WEIR_RUNNERS": "7", "WEIR_CONTAINERS": #"{"c": "file:///c"}"#, "PATH": "/bin"])
    #expect(configuration.listen == ListenAddress(host: "::1", port: 0) && configuration.runners == 7)
    #expect(configuration.lease == .seconds(60))
    #expect(configuration.containers == ["b*": "file:///data/*", "c": "file:///c"])
    #expect(origins["listen"] == "[::1]:0 WEIR_LISTEN" && origins["log_level"] == "debug weir.json")
    #expect(origins["token"] == "(hidden) weir.json" && origins["database_url"] == "(hidden) weir.json")
  }

  @Test func `every problem is told at once, with its place`() throws {
    let names = try HostConfiguration.load(file: nil, environment: [:]).origins.map(\.name).joined(separator: ", ")
    let found = problems(
      #"""
      {
        "listen": "here",
        "runners": 0, "lisen": "127.0.0.1:1",
        "lease": "soon",
        "containers": {"a": 1},
        "token": "geheim", "folder": null
      }
      """#, ["WEIR_LOG_LEVEL": "loud", "WEIR_TOKEN": "geheim2"])
    #expect(
      found == [
        #"weir.json:2:13: listen: expected an address such as 127.0.0.1:8080, got the string "here"."#,
        #"weir.json:3:14: runners: expected a whole number from 1 to 1024, got the number 0."#,
        "weir.json:3:17: lisen: unknown key.\n  The configuration has \(names). Did you mean \"listen\"?",
        #"weir.json:4:12: lease: expected a duration such as 30s, got the string "soon"."#,
        #"weir.json:5:17: containers: expected an object of URLs by container name, such as {"bronze*": "file:///data/*"}, got an object."#,
        "weir.json:6:12: token: expected at least 16 characters, got something else.",
        "weir.json:6:32: folder: expected a path, got null.",
        "environment: WEIR_TOKEN: expected at least 16 characters, got something else.",
        #"environment: WEIR_LOG_LEVEL: expected trace, debug, info, notice, warning, error, got "loud"."#,
      ])
    #expect(!found.joined().contains("geheim"))
  }

  @Test func `a credential says where its secrets are, and a secret itself is refused without being repeated`() throws {
    let text = #"{"lake": {"key_id": "AKIA", "secret": {"env": "LAKE"}, "session_token": {"file": "/run/t"}}}"#
    let (configuration, origins) = try load("{\"credentials\": \(text)}", ["WEIR_CREDENTIALS": #"{"sea": {"sas": {"env": "SEA"}}}"#])
    #expect(
      configuration.credentials["lake"]
        == CredentialSetting(["key_id": .text("AKIA"), "secret": .environment("LAKE"), "session_token": .file("/run/t")]))
    #expect(configuration.credentials["sea"] == CredentialSetting(["sas": .environment("SEA")]))
    #expect(origins["credentials"]?.contains(#""secret":{"env":"LAKE"}"#) == true)
    for wrong in [
      #"{"a": {"secret": "geheim"}}"#, #"{"a": {"secret": {"value": "geheim"}}}"#, #"{"a": {"geheim": {"env": "X"}}}"#, #"{"a": {}}"#,
      #"{"a": {"secret": {"env": ""}}}"#,
    ] {
      for found in [problems("{\"credentials\": \(wrong)}"), problems(nil, ["WEIR_CREDENTIALS": wrong])] {
        #expect(found.count == 1 && found[0].contains("secrets only as {\"env\": VARIABLE}") && !found[0].contains("geheim"), "\(found)")
      }
    }
  }

  @Test func `a file that is no JSON is one problem`() {
    let found = problems("{\"listen\": \"0.0.0.0:80\",\n}", ["WEIR_LISTEN": "0.0.0.0:80"])
    #expect(found.count == 1 && found[0].hasPrefix("weir.json:2:1: "))
  }

  @Test(arguments: [
    ("127.0.0.1:8080", true), ("127.9.8.7:1", true), ("localhost:80", true), ("[::1]:80", true), ("0.0.0.0:80", false),
    ("10.0.0.1:80", false), ("[::]:80", false), ("127.evil.example.org:80", false), ("127.a.b.c:80", false), ("127.0.0.256:1", false),
  ])
  func `an address that others can reach needs a token`(address: String, isLoopback: Bool) throws {
    let found = problems(nil, ["WEIR_LISTEN": address])
    #expect(
      found
        == (isLoopback
          ? []
          : [
            "environment: listen: \(address) can be reached from other machines, and no token is configured.\n"
              + "  Set a token (WEIR_TOKEN, at least 16 characters), or listen on 127.0.0.1."
          ]))
    #expect(problems(nil, ["WEIR_LISTEN": address, "WEIR_TOKEN": "0123456789abcdef"]).isEmpty)
  }

  @Test(arguments: ["", "8080", "host", ":80", "::1:80", "::1", "[::1", "host:65536", "host:-1", "a b:80", "[]:80"])
  func `what is no address is refused`(text: String) {
    #expect(ListenAddress(text) == nil)
  }
}
