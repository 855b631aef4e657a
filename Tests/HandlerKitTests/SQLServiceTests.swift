import HandlerABI
import HandlerKit
import HandlerStub
import Testing

@Suite struct `SQL in Swift` {
  @Test func `commits what a transaction's body did, values, NULL and COPY`() {
    let host = ProbeWork.host()
    host.sql.answers["SELECT"] = (["n", "t"], [["1", nil], ["2", "b"]])
    let ended = ProbeWork.call(host) { _, task in
      let loaded = try task.database("geo").transaction(SQLOptions(isolation: .serializable, lockTimeout: .seconds(2))) { session in
        try session.execute("INSERT INTO a VALUES ($1, $2, $3)", ["x", nil, ""])
        let rows = try session.execute("SELECT n, t FROM a")
        #expect(rows.columns == ["n", "t"] && rows.affected == 2 && rows.count == 2)
        #expect(rows[0] == ["1", nil] && rows[1][1] == "b" && rows.value == nil)
        return try session.copy("COPY a FROM STDIN") { copy in
          try copy.write("1\ta\n")
          try copy.write([0x32, 0x0A])
        }
      }
      #expect(loaded == 6)
    }
    #expect(ended)
    #expect(
      host.sql.history == [
        #"begin geo {"isolation":"serializable","lock_timeout_ms":2000}"#, "INSERT INTO a VALUES ($1, $2, $3) | x | NULL | ",
        "SELECT n, t FROM a", "COPY a FROM STDIN", "copy 6 bytes", "commit",
      ])
  }

  @Test func `rolls back when the body throws, and a savepoint only its own part`() {
    let host = ProbeWork.host()
    host.sql.failing["DROP"] = WEIR_DENIED
    let ended = ProbeWork.call(host) { _, task in
      try task.database("geo").transaction { session in
        do {
          try session.savepoint { try session.execute("DROP TABLE a") }
        } catch let error as HandlerError {
          #expect(error.status == .denied && error.message == "geo: DROP TABLE a: planted failure")
        }
        try session.execute("DROP TABLE b")
      }
    }
    #expect(!ended)
    #expect(host.failure?.message == "geo: DROP TABLE b: planted failure")
    #expect(
      host.sql.history == [
        "begin geo {}", "SAVEPOINT weir_kit", "DROP TABLE a", "ROLLBACK TO SAVEPOINT weir_kit", "RELEASE SAVEPOINT weir_kit",
        "DROP TABLE b", "roll back",
      ])
  }

  @Test func `runs single statements with autocommit`() {
    let host = ProbeWork.host()
    #expect(ProbeWork.call(host) { _, task in try task.database("geo").withAutocommit { _ = try $0.execute("VACUUM a") } })
    #expect(host.sql.history == [#"begin geo {"autocommit":true}"#, "VACUUM a", "commit"])
  }

  @Test func `is refused without a grant`() {
    let host = ProbeWork.host(granted: [WEIR_STORAGE])
    #expect(!ProbeWork.call(host) { _, task in try task.database("geo").transaction { _ in } })
    #expect(
      host.failure?.message
        == "kit.probe: weir.sql/1 was not granted. Declare it in the handler, and grant it in the plugin's manifest.")
  }
}

@Suite struct `HTTP in Swift` {
  private static let url = "https://example.org/wdpa.zip"

  @Test func `sends a request as it is told and gives the answer`() {
    let host = ProbeWork.host()
    host.http.answers[Self.url] = .init(200, headers: ["etag": JSONText("\"a\"")], body: "zip")
    let ended = ProbeWork.call(host) { _, task in
      let answer = try task.http.request(
        HTTPRequest(
          Self.url, method: "POST", headers: ["Accept": "a/b"], auth: "ibat", timeout: .seconds(3), maxBytes: 10, body: [1]))
      #expect(answer.status == 200 && answer.headers == ["etag": "\"a\""] && answer.body == Array("zip".utf8))
      #expect(answer.failure == nil && answer.url == Self.url)
    }
    #expect(ended)
    #expect(
      host.http.requests.map(\.text) == [
        #"{"url":"https://example.org/wdpa.zip","method":"POST","headers":{"Accept":"a/b"},"auth":"ibat","timeout_ms":3000,"max_bytes":10}"#
      ])
  }

  @Test func `throws what is no success, and gives it to who wants to see it`() {
    let host = ProbeWork.host()
    host.http.answers[Self.url] = .init(403, body: "no key")
    let ended = ProbeWork.call(host) { _, task in
      let answer = try task.http.answer(to: HTTPRequest(Self.url))
      #expect(answer.status == 403 && answer.body == Array("no key".utf8) && answer.failure?.status == .denied)
      _ = try task.http.request(HTTPRequest(Self.url + "?key=secret"))
    }
    #expect(!ended)
    #expect(host.failure == StubFailure(WEIR_NOT_FOUND, "GET https://example.org/wdpa.zip: HTTP 404"))
  }

  @Test func `downloads into an object, and nothing where nothing changed`() {
    let host = ProbeWork.host()
    host.http.answers[Self.url] = .init(200, body: "zipped")
    host.http.answers[Self.url + "2"] = .init(304)
    let ended = ProbeWork.call(host) { _, task in
      #expect(try task.http.download(HTTPRequest(Self.url), to: "raw", "a.zip").object?.size == 6)
      let same = try task.http.download(HTTPRequest(Self.url + "2"), to: "raw", "b.zip")
      #expect(same.isNotModified && same.object == nil)
    }
    #expect(ended)
    #expect(host.storage.keys("raw") == ["a.zip"])
  }
}
