import Database
import Engine
import TestSupport
import Testing
import Workflow

@testable import Web

@Suite struct `Health` {
  @Test func `says that the process lives, whatever the database does`() async throws {
    try await TestServer.with(database: "host=/nonexistent dbname=weir") { server in
      let live = try await server.get("/api/health/live")
      #expect(live.status == 200 && live.json["status"] == "alive")
      let ready = try await server.get("/api/health/ready")
      #expect(ready.status == 503 && ready.json["status"] == "unready")
      #expect(ready.json["checks"]?["database"]?["status"] == "unreachable")
      #expect(ready.json["checks"]?["migrations"]?["status"] == "unknown")
      #expect(!ready.text.contains("nonexistent"))
    }
  }

  @Test func `says that it can work, to anybody`() async throws {
    try await TestServer.with(token: "the-configured-one", sample: false) { server in
      let ready = try await server.get("/api/health/ready", headers: ["Authorization": ""])
      #expect(ready.status == 200, "\(ready.text)")
      #expect(ready.json["checks"]?.objectValue?.members.map { $0.value["status"] } == ["ok", "ok", "ok"])
    }
  }

  @Test func `waits for the migrations`() async throws {
    let bare = try await onOwnThread { try TestDatabase.make() }
    try await TestServer.with(database: bare.url) { server in
      let ready = try await server.get("/api/health/ready")
      #expect(ready.status == 503)
      let detail = ready.json["checks"]?["migrations"]?["detail"]?.stringValue ?? ""
      #expect(detail == "\(Installation.migrations.count) are pending, 001_engine first.", "\(ready.text)")
    }
    withExtendedLifetime(bare) {}
  }

  @Test func `waits for a host that others know, with its plugins`() async throws {
    let own = try await onOwnThread {
      try TestDatabase.make(TestTemplate("engine") { _ = try Installation($0).migrator.migrate() }) { $0.settings = Engine.settings }
    }
    let host = try await onOwnThread {
      // nobody renews it, and the suite keeps a machine busy
      try Engine(database: own.database, lease: .seconds(3600)).hosts.register(
        HostIdentity(name: "here", machine: "m", pid: 1, process: "1"), version: "1", slots: 1, offers: [])
    }
    for (id, status, word) in [(host, 200, "ok"), (host + 1, 503, "lost")] {
      try await TestServer.with(database: own.url, host: WebServer.WorkingHost(id: id, plugins: 3)) { server in
        let ready = try await server.get("/api/health/ready")
        #expect(ready.status == status && ready.json["checks"]?["plugins"]?["status"] == .string(word), "\(ready.text)")
      }
    }
    withExtendedLifetime(own) {}
  }
}
