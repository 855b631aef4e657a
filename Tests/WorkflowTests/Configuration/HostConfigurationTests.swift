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
    let names = try HostConfiguration.load(file: nil, environment: [:]).origins.map(\.name).prefix(20).joined(separator: ", ")
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
        "weir.json:3:17: lisen: unknown key.\n  The configuration has \(names), …. Did you mean \"listen\"?",
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
  func `an address knows whether others can reach it`(address: String, isLoopback: Bool) throws {
    #expect(ListenAddress(address)?.isLoopback == isLoopback)
  }

  @Test(arguments: ["", "8080", "host", ":80", "::1:80", "::1", "[::1", "host:65536", "host:-1", "a b:80", "[]:80"])
  func `what is no address is refused`(text: String) {
    #expect(ListenAddress(text) == nil)
  }

  @Test func `handlers' databases are URLs, alone or with a role`() throws {
    let (configuration, origins) = try load(
      #"{"databases": {"geo": "postgresql://g:pw@h/d", "h3": {"url": "postgresql://l@h/d", "role": "h3", "connections": 2}}}"#)
    #expect(
      configuration.databases == [
        "geo": HandlerDatabase(url: "postgresql://g:pw@h/d"),
        "h3": HandlerDatabase(url: "postgresql://l@h/d", role: "h3", connections: 2),
      ])
    #expect(origins["databases"] == "(hidden) weir.json")
  }

  @Test(arguments: [
    #"["a"]"#, #"{"a": 1}"#, #"{"a*": "postgresql://x"}"#, #"{"a": {"role": "x"}}"#, #"{"a": {"url": ""}}"#,
    #"{"a": {"url": "x", "roles": "y"}}"#, #"{"a": {"url": "x", "connections": 0}}"#, #"{"a": {"url": "x", "role": ""}}"#,
  ])
  func `handlers' databases that are none are refused without telling their secrets`(text: String) {
    #expect(
      problems(#"{"databases": \#(text)}"#) == [
        "weir.json:1:15: databases: expected an object of databases by name, each a postgresql:// URL or "
          + #"{"url", "role", "connections"}, got something else."#
      ])
  }

  @Test func `credentials name where their secret stands and where it may go`() throws {
    let (configuration, origins) = try load(
      #"""
      {"http_credentials": {
         "a": {"type": "bearer", "env": "A_TOKEN", "hosts": ["API.example.org"]},
         "b": {"type": "basic", "user": "me", "file": "/etc/weir/b", "hosts": ["*.example.org"], "allow_http": true},
         "c": {"type": "header", "name": "X-Api-Key", "env": "C", "hosts": ["c.example"]},
         "d": {"type": "query", "name": "token", "env": "D", "hosts": ["d.example"]},
         "e": {"type": "query", "names": ["auth_key", "auth_token"], "env": "E", "hosts": ["e.example"]}},
       "private_addresses": "10.0.0.0/8, ::1"}
      """#)
    let hosts = { (text: String) in [NamePattern(text)].compactMap { $0 } }
    #expect(
      configuration.httpCredentials == [
        "a": HTTPCredential(kind: .bearer, source: .environment("A_TOKEN"), hosts: hosts("api.example.org")),
        "b": HTTPCredential(kind: .basic(user: "me"), source: .file("/etc/weir/b"), hosts: hosts("*.example.org"), allowsHTTP: true),
        "c": HTTPCredential(kind: .header("X-Api-Key"), source: .environment("C"), hosts: hosts("c.example")),
        "d": HTTPCredential(kind: .query("token"), source: .environment("D"), hosts: hosts("d.example")),
        "e": HTTPCredential(kind: .queries(["auth_key", "auth_token"]), source: .environment("E"), hosts: hosts("e.example")),
      ])
    #expect(
      origins["http_credentials"]
        == "a: $A_TOKEN to api.example.org; b: /etc/weir/b to *.example.org; c: $C to c.example; d: $D to d.example; e: $E to e.example weir.json"
    )
    #expect(origins["private_addresses"] == "10.0.0.0/8, ::1 weir.json")
  }

  @Test(arguments: [
    #"{"type": "bearer", "env": "A"}"#, #"{"type": "bearer", "env": "A", "hosts": []}"#, #"{"type": "bearer", "hosts": ["a"]}"#,
    #"{"type": "bearer", "env": "A", "file": "b", "hosts": ["a"]}"#, #"{"type": "token", "env": "A", "hosts": ["a"]}"#,
    #"{"type": "bearer", "token": "secret", "env": "A", "hosts": ["a"]}"#, #"{"type": "basic", "env": "A", "hosts": ["a"]}"#,
    #"{"type": "basic", "user": "a:b", "env": "A", "hosts": ["a"]}"#, #"{"type": "header", "name": "A: b", "env": "A", "hosts": ["a"]}"#,
    #"{"type": "header", "env": "A", "hosts": ["a"]}"#, #"{"type": "query", "name": "a&b", "env": "A", "hosts": ["a"]}"#,
    #"{"type": "query", "names": ["a"], "env": "A", "hosts": ["a"]}"#,
    #"{"type": "header", "names": ["a", "b"], "env": "A", "hosts": ["a"]}"#,
    #"{"type": "query", "names": ["a", 1], "env": "A", "hosts": ["a"]}"#,
    #"{"type": "bearer", "env": "A", "hosts": ["https://a"]}"#, #"{"type": "bearer", "env": "A", "hosts": ["a"], "allow_http": 1}"#, "3",
  ])
  func `a credential that is none is refused`(text: String) {
    let found = problems(#"{"http_credentials": {"a": \#(text)}}"#)
    #expect(
      found.count == 1 && found[0].contains("http_credentials: expected an object of credentials by name, each {\"type\": "), "\(found)")
  }

  @Test(arguments: [#""10.0.0.0/33""#, #""everything""#, #""""#, #""10.0.0.0/8 x""#, "7"])
  func `private addresses that are none are refused`(text: String) {
    let found = problems(#"{"private_addresses": \#(text)}"#)
    #expect(
      found.count == 1 && found[0].contains(#"private_addresses: expected addresses and ranges such as "10.0.0.0/8, ::1""#), "\(found)")
  }
}
