import Database
import Engine
import ServiceLifecycle
import TestSupport
import Testing
import Web
import Workflow

@Suite struct `Listening` {
  private static func server(
    _ address: ListenAddress, token: String? = nil,
    _ engine: Engine = Engine(database: Database(DatabaseConfiguration(url: "host=/nonexistent")))
  ) -> WebServer {
    WebServer(WebServer.Parts(engine: engine, address: address, token: token, version: "1", logger: TestServer.quiet, onChange: {}))
  }

  @Test func `a port that is taken is an error that says so, also to those who wait for the URL`() async throws {
    try await TestServer.serving(Self.server(ListenAddress(host: "127.0.0.1", port: 0))) { url in
      let port = url.split(separator: ":").last.flatMap { Int($0) } ?? 0
      let second = Self.server(ListenAddress(host: "127.0.0.1", port: port))
      let waiting = Task { try await second.url }
      let error = await #expect(throws: WebError.self) { try await second.run() }
      #expect(
        error?.description == """
          cannot listen on 127.0.0.1:\(port): another program listens there already. Is a host running there already? \
          Stop it, or set `listen` (WEIR_LISTEN) to another port; port 0 takes any free one.
          """)
      await #expect(throws: WebError.self) { try await waiting.value }
    }
  }

  @Test(arguments: ["0.0.0.0", "::", "192.0.2.1", "weir.example"])
  func `without any token, an address that others reach is refused`(host: String) async throws {
    try await TestServer.with(sample: false) { server in
      let web = Self.server(ListenAddress(host: host, port: 0), server.engine)
      let error = await #expect(throws: WebError.self) { try await web.run() }
      #expect(
        error?.hint == "Make one: `weir tokens create --name NAME --role admin`; or set `token` (WEIR_TOKEN), or listen on 127.0.0.1.")
    }
  }

  @Test func `a token in the database is as good as one in the configuration`() async throws {
    try await TestServer.with { server in
      _ = try await server.token(.viewer)
      try await TestServer.serving(Self.server(ListenAddress(host: "0.0.0.0", port: 0), server.engine)) { url in
        #expect(url.hasPrefix("http://127.0.0.1:"))
      }
    }
  }

  @Test func `an address of another machine is an error that says so`() async throws {
    let error = await #expect(throws: WebError.self) {
      try await Self.server(ListenAddress(host: "192.0.2.1", port: 0), token: "t").run()
    }
    #expect(error?.message == "cannot listen on 192.0.2.1:0: this machine has no such address")
  }

  @Test func `with a token, every address can be listened on, and the URL can be called`() async throws {
    try await TestServer.serving(Self.server(ListenAddress(host: "0.0.0.0", port: 0), token: "t")) { url in
      #expect(url.hasPrefix("http://127.0.0.1:"))
    }
  }

  @Test func `after it has stopped, the URL is an error`() async throws {
    let web = Self.server(ListenAddress(host: "127.0.0.1", port: 0))
    try await TestServer.serving(web) { _ in }
    await #expect(throws: WebError.self) { try await web.url }
  }
}
