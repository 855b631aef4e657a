import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `Secrets` {
    private static let workflow = #"""
      {"name": "guarded", "title": "Takes a password",
       "parameters": {"type": "object", "required": ["password"], "additionalProperties": false, "properties": {
         "password": {"type": "string", "writeOnly": true, "minLength": 4}, "url": {"type": "string"}}},
       "stages": [{"id": "only", "handler": "noop.run", "params": {}}]}
      """#

    /// Each is put into the host in another way.
    private static let secrets = [
      "hunter2-parameter", "hunter2-wrong-parameter", "hunter2-configured-token", "hunter2-database", "hunter2-wrong-token",
      "hunter2-signature",
    ]

    @Test func `stand in no answer, no output and no log`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.workflow])
      let url = place.own.url + (place.own.url.contains("?") ? "&" : "?") + "password=hunter2-database"
      let settings = [
        "WEIR_TOKEN": "hunter2-configured-token", "WEIR_LOG_LEVEL": "trace", "WEIR_DATABASE_URL": url,
        "WEIR_CONTAINERS":
          #"{"*": "file://\#(place.containers)/*", "signed": "https://user:hunter2-signature@example.org/?sig=hunter2-signature"}"#,
      ]
      var said = [try await place.weir("config", with: settings), try await place.weir("config", "--json", with: settings)].map(
        \.description)
      #expect(said[0].contains("(hidden)"))
      var serving = settings
      serving["WEIR_CONTAINERS"] = nil
      let host = try await place.serve(serving)
      let made = try await place.weir("tokens", "create", "--name", "ci", "--role", "admin", with: serving)
      let token = made.out.filter { !$0.isWhitespace }
      for parameters in [
        #"{"password": "hunter2-parameter"}"#, #"{"password": ["hunter2-wrong-parameter"]}"#,
        #"{"password": {"a": "hunter2-wrong-parameter"}}"#,
        #"{"password": "hunter2-parameter", "url": {"https://u:hunter2-signature@h/?sig=hunter2-signature": 1}}"#,
      ] { said.append(try await host.post("/api/jobs/submit/guarded", parameters).text) }
      let shown = try await host.get("/api/jobs/1")
      #expect(shown.json["params"]?["password"] == "***")
      said += try await outputs(of: place, host)
      host.program.signal(15)
      let end = try await host.program.end()
      said.append(end.description)
      #expect(end.err.contains("Answered") && end.err.contains("Refused a token that opens nothing"))
      for (index, text) in said.enumerated() {
        for secret in Self.secrets + [token] {
          #expect(!text.contains(secret), "\(secret) stands in output \(index): \(text.prefix(2_000))")
        }
      }
    }

    /// What the routes and the commands answer.
    private func outputs(of place: Place, _ host: ServedHost) async throws -> [String] {
      var said: [String] = []
      let document = try await host.get("/api/openapi.json").json
      for (template, operations) in document["paths"]?.objectValue?.members ?? [] where operations["get"] != nil {
        let path = template.replacing("{id}", with: "1").replacing("{stage}", with: "only").replacing("{n}", with: "0")
        said.append(try await host.get(path.replacing("{name}", with: "guarded")).text)
      }
      for header in ["Bearer hunter2-wrong-token", "Basic hunter2-wrong-token", "hunter2-wrong-token"] {
        let request = "GET /api/jobs?x=hunter2 HTTP/1.1\r\nHost: x\r\nAuthorization: \(header)\r\nConnection: close\r\n\r\n"
        said.append(try await host.exchange(Array(request.utf8))?.text ?? "")
      }
      let with = ["WEIR_URL": host.url, "WEIR_TOKEN": "hunter2-configured-token"]
      for command in [
        ["jobs", "--json"], ["job", "1"], ["job", "1", "--json"], ["logs", "1", "--level", "debug"], ["audit", "--json"],
        ["tokens", "list"],
        ["sessions", "list"], ["workflows", "--json"], ["plugins", "--json"],
        ["submit", "guarded", "--params", #"{"password": ["hunter2-wrong-parameter"]}"#],
      ] {
        said.append(try await place.weir(command, with: with).description)
        // what came with the command line is its caller's own
      }
      return said
    }
  }
}
