import CCrypto
import Engine
import Foundation
import TestSupport
import Testing
import Workflow

@testable import Web

@Suite struct `Logging in` {
  private func logIn(_ server: TestServer, _ token: String, next: String = "", headers: [String: String] = [:]) async throws -> HTTPAnswer {
    try await server.post(
      "/login", "token=\(token)&next=\(next)",
      headers: ["Authorization": "", "Content-Type": "application/x-www-form-urlencoded"].merging(headers) { $1 })
  }

  private func cookie(_ answer: HTTPAnswer) -> String {
    String((answer.headers["set-cookie"] ?? "").prefix { $0 != ";" })
  }

  /// As a page's request goes, without a token.
  private func page(_ cookie: String, _ more: [String: String] = [:]) -> [String: String] {
    ["Cookie": "theme=dark; \(cookie)", "Sec-Fetch-Site": "same-origin"].merging(more) { $1 }
  }

  @Test func `turns a token into a session that scripts and other sites cannot use`() async throws {
    try await TestServer.with { server in
      let token = try await server.token(.operator, name: "anna")
      let answer = try await logIn(server, token, next: "%2Fapi%2Fjobs%3Flimit%3D3")
      #expect(answer.status == 303 && answer.headers["location"] == "/api/jobs?limit=3" && answer.body.isEmpty)
      let set = answer.headers["set-cookie"] ?? ""
      #expect(
        set.wholeMatch(of: /weir_session=weirs_[A-Za-z0-9_-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict/) != nil, "\(set)")
      #expect(!set.contains(token))
      #expect(try await server.get("/api/jobs").status == 401)
      #expect(try await server.get("/api/jobs", headers: page(cookie(answer))).status == 200)
      let submitted = try await server.post("/api/jobs/submit/gather", #"{"from": "here"}"#, headers: page(cookie(answer)))
      #expect(submitted.status == 201)
      let change = try await onOwnThread { [engine = server.engine] in try engine.audit.entries(.init(action: "job.submit")).elements.first
      }
      #expect(change?.actor == Actor(name: "anna", role: .operator, via: .page))
    }
  }

  @Test func `behind TLS makes a cookie that only TLS carries`() async throws {
    try await TestServer.with { server in
      let token = try await server.token(.viewer)
      let answer = try await logIn(server, token, headers: ["X-Forwarded-Proto": "https"])
      let set = answer.headers["set-cookie"] ?? ""
      #expect(set.hasPrefix("__Host-weir_session=") && set.hasSuffix("; Secure"))
      #expect(try await server.get("/api/jobs", headers: page(cookie(answer), ["X-Forwarded-Proto": "https"])).status == 200)
      #expect(try await server.get("/api/jobs", headers: page(cookie(answer))).status == 401)
    }
  }

  @Test(arguments: [
    ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Sec-Fetch-Site": "none"], ["Sec-Fetch-Site": ""],
    ["Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"], ["Sec-Fetch-Site": "cross-site", "Origin": "null"],
  ]) func `lets no page of another site change anything`(headers: [String: String]) async throws {
    try await TestServer.with { server in
      let cookie = cookie(try await logIn(server, try await server.token(.admin)))
      for path in ["/api/jobs/submit/gather", "/logout"] {
        let answer = try await server.post(path, #"{"from": "here"}"#, headers: page(cookie, headers))
        #expect(answer.status == 403 && answer.json["type"] == "urn:weir:problem:foreign-origin", "\(path): \(answer.text)")
      }
      #expect(try await server.get("/api/jobs", headers: page(cookie)).json["jobs"] == [])
    }
  }

  @Test func `an old browser may change something when it names our origin`() async throws {
    try await TestServer.with { server in
      let cookie = cookie(try await logIn(server, try await server.token(.operator)))
      let headers = ["Cookie": cookie, "Origin": "http://127.0.0.1:\(server.port)"]
      #expect(try await server.post("/api/jobs/submit/gather", #"{"from": "here"}"#, headers: headers).status == 201)
      #expect(try await server.post("/api/jobs/submit/gather", #"{"from": "here"}"#, headers: ["Cookie": cookie]).status == 403)
    }
  }

  @Test func `a session ends with the logout, with its token, and when an administrator ends it`() async throws {
    try await TestServer.with(token: "the-configured-one") { server in
      let token = try await server.token(.viewer, name: "anna")
      let cookies = [
        cookie(try await logIn(server, token)), cookie(try await logIn(server, token)),
        cookie(try await logIn(server, try await server.token(.viewer, name: "bert"))),
      ]
      #expect(try await plain(server, cookies) == [200, 200, 200])
      let gone = try await server.post("/logout", headers: page(cookies[0]))
      #expect(gone.status == 303 && gone.headers["location"] == "/login")
      #expect(gone.headers["set-cookie"]?.hasPrefix("weir_session=; Max-Age=0; ") == true)
      #expect(try await plain(server, cookies) == [401, 200, 200])
      let sessions = try await server.get("/api/sessions").json["sessions"]?.arrayValue ?? []
      #expect(sessions.map { $0["token"] } == ["bert", "anna"])
      #expect(try await server.send("DELETE", "/api/sessions/\(sessions[0]["id"]?.stringValue ?? "")").status == 200)
      #expect(try await plain(server, cookies) == [401, 200, 401])
      #expect(try await server.send("DELETE", "/api/tokens/anna").status == 200)
      #expect(try await plain(server, cookies) == [401, 401, 401])
    }
  }

  /// How each session fares, without the server's own token.
  private func plain(_ server: TestServer, _ cookies: [String]) async throws -> [Int] {
    var statuses: [Int] = []
    for cookie in cookies {
      let request = "GET /api/jobs HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nCookie: \(cookie)\r\nConnection: close\r\n\r\n"
      statuses.append(try await server.raw(Array(request.utf8)).status)
    }
    return statuses
  }

  @Test func `a session by the configured token ends when that is another`() async throws {
    try await TestServer.with(token: "the-configured-one") { server in
      let engine = server.engine
      let text = String(cookie(try await logIn(server, "the-configured-one")).dropFirst("weir_session=".count))
      let names = try await onOwnThread {
        try ["the-configured-one", "another-one-of-16", nil].map { try engine.sessions.find(text, configured: $0)?.name }
      }
      #expect(names == ["configured", nil, nil])
    }
  }

  @Test func `a wrong token is told on the page, and tried no more than a few times`() async throws {
    try await TestServer.with(token: "the-configured-one", sample: false) { server in
      var slowed = try await logIn(server, "%3Cscript%3E", next: "%22%3E%3Cb%3E")
      // on a machine that is slow itself, tries come back meanwhile
      for _ in 0..<10 * WrongTokens.atOnce where slowed.status != 429 {
        let answer = slowed
        #expect(answer.status == 401 && answer.headers["content-type"] == "text/html; charset=utf-8")
        #expect(answer.text.contains("role=\"alert\"") && !answer.text.contains("<script") && !answer.text.contains("<b>"))
        slowed = try await logIn(server, "again")
      }
      #expect(slowed.status == 429 && slowed.text.contains("Wait 6 s") && slowed.headers["retry-after"] == "6")
    }
  }

  @Test(arguments: ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"])
  func `goes on to paths of this host only`(next: String) {
    #expect(LoginRoutes.path(next) == "/api/interface/metrics")
  }

  @Test func `the page allows its own style and form, and no script`() async throws {
    try await TestServer.with(token: "the-configured-one", sample: false) { server in
      let answer = try await server.get("/login")
      var digest = [UInt8](repeating: 0, count: 32)
      let style = Array(LoginPage.style.utf8)
      EVP_Digest(style, style.count, &digest, nil, EVP_sha256(), nil)
      #expect(LoginPage.styleHash == Data(digest).base64EncodedString(), "put this hash into LoginPage.styleHash")
      #expect(answer.headers["content-security-policy"] == LoginPage.policy)
      #expect(answer.text.contains("<style>\(LoginPage.style)</style>") && !answer.text.contains("<script"))
      #expect(answer.headers["referrer-policy"] == "same-origin", "with no-referrer, browsers send Origin: null")
      #expect(answer.text.contains("<label for=\"token\">") && answer.text.contains("<html lang=\"en\">"))
    }
  }

  @Test func `is not needed where nobody needs a token`() async throws {
    try await TestServer.with { server in
      #expect(try await server.get("/login").text.contains("No login needed"))
      _ = try await server.token(.viewer)
    }
  }
}
