import Engine
import Foundation
import TestSupport
import Testing
import Workflow

@testable import Web

@Suite struct `Pages` {
  private static let pages = PageShell.Place.allCases.map(\.rawValue)

  @Test func `show what others wrote as text, wherever it stands`() async throws {
    try await TestServer.with { server in
      let showcase = try await onOwnThread { [engine = server.engine] in try Showcase(engine) }
      let task = "/api/interface/jobs/\(showcase.failed)?stage=copy&task=1"
      for path in Self.pages + ["/api/interface/jobs/\(showcase.large)", "/api/interface/jobs/\(showcase.failed)", task] {
        let answer = try await server.get(path)
        #expect(answer.status == 200, "\(path): \(answer.text.prefix(500))")
        #expect(!answer.text.contains("<img"), "\(path)")
        #expect(answer.body.count < 100_000, "\(path) has \(answer.body.count) bytes")
        #expect(answer.headers["content-security-policy"] == PageShell.policy)
        #expect(!answer.text.contains(" style=") && !answer.text.contains("onclick"), "\(path): the policy allows nothing inline")
      }
      let failed = try await server.get(task).text
      #expect(failed.contains("the object &lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp; is not there"))
    }
  }

  @Test func `of datasets show what others wrote as text, and may draw a map`() async throws {
    try await TestServer.withMaps { server, _ in
      for id in ["lands", "ways", "lists", "plans"] {
        let answer = try await server.get("/api/interface/datasets/\(id)")
        #expect(answer.status == 200, "\(id): \(answer.text.prefix(500))")
        #expect(!answer.text.contains("<img") && !answer.text.contains("<b>Nobody") && answer.body.count < 100_000, "\(id)")
        #expect(answer.headers["content-security-policy"] == PageShell.policyWithMap && !answer.text.contains(" style="), "\(id)")
        #expect(answer.text.contains("id=\"map\"") == ["lands", "ways"].contains(id))
      }
      #expect(PageShell.policyWithMap.contains("img-src 'self' data: blob:;") && PageShell.policyWithMap.hasSuffix("; worker-src blob:"))
      let lists = try await server.get("/api/interface/datasets/lists").text
      #expect(lists.contains("Dataset &quot;lists&quot;: geo.curated_lists has no geometry with a reference system."))
      #expect(try await server.get("/api/interface/datasets/oceans").status == 404)
      let second = try await server.get("/api/interface/datasets/lands?from=75").text
      #expect(second.contains("76–98 of 98") && second.contains("<td>Tiny</td>"))
    }
  }

  @Test func `without a database for datasets say what is missing`() async throws {
    try await TestServer.with { server in
      _ = try await server.post("/api/curated/datasets", DatasetTests.rivers)
      let page = try await server.get("/api/interface/datasets/rivers")
      #expect(page.status == 200 && page.text.contains("no database for handlers is named geo"), "\(page.text)")
    }
  }

  @Test func `draw a page of a stage of 120,000 tasks with an element for each state`() async throws {
    try await TestServer.with { server in
      let showcase = try await onOwnThread { [engine = server.engine] in try Showcase(engine) }
      for from in [0, 60_000, 117_000] {
        let text = try await server.get("/api/interface/jobs/\(showcase.large)?stage=render&from=\(from)").text
        let grid = try #require(text.firstRange(of: /<svg class="grid".*?<\/svg>/.dotMatchesNewlines()).map { String(text[$0]) })
        #expect(grid.matches(of: /<path/).count <= TaskState.allCases.count)
        #expect(grid.contains("Tasks \(Quantity.text(from)) to \(Quantity.text(from + 2_999))"), "\(grid.prefix(400))")
        #expect(text.contains("of 120,000</span>"))
        // what failed, what runs, and what has no row yet
        let last = from == 0 ? "40 running, 987 completed, 23 failed\"" : "3,000 queued\""
        #expect(grid.contains(last), "\(grid.prefix(400))")
      }
    }
  }

  @Test func `show a task with all its attempts, as the API tells them`() async throws {
    try await TestServer.with { server in
      let half = try await server.halfDone()
      let text = try await server.get("/api/interface/jobs/\(half.job)?stage=copy&task=1").text
      #expect(text.contains("Task \(half.job)/copy/1") && text.contains("sample.copy crashed: SIGSEGV") && text.contains("signal"))
      let attempts = try await server.get("/api/jobs/\(half.job)/stages/copy/tasks/1/attempts").json["attempts"]
      #expect(attempts?[0]?["outcome"] == "crashed" && attempts?[0]?["attempt"] == 1 && attempts?[0]?["details"]?["signal"] == 11)
      #expect(try await server.get("/api/jobs/\(half.job)/stages/copy/tasks/2/attempts").json["attempts"] == [])
      let running = try await server.get("/api/interface/jobs/\(half.job)?stage=copy&task=2").text
      #expect(running.contains("looking") && running.contains("1 of 2"), "its log, and how far it says it is")
    }
  }

  @Test func `send those who are not logged in to the login, and back`() async throws {
    try await TestServer.with(token: "the-configured-one", sample: false) { server in
      let job = try await server.get("/api/interface/jobs/7?stage=copy", headers: ["Authorization": ""])
      #expect(job.status == 401 || job.status == 303)
      let request = "GET /api/interface/jobs/7?stage=copy HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r\n\r\n"
      let answer = try await server.raw(Array(request.utf8))
      #expect(answer.status == 303 && answer.headers["location"] == "/login?next=%2Fapi%2Finterface%2Fjobs%2F7%3Fstage%3Dcopy")
      let home = try await server.get("/")
      #expect(home.status == 303 && home.headers["location"] == "/api/interface/metrics")
    }
  }

  @Test func `show no button that the role may not press, and refuse what it sends all the same`() async throws {
    try await TestServer.with(token: "the-configured-one") { server in
      let showcase = try await onOwnThread { [engine = server.engine] in try Showcase(engine) }
      let path = "/api/interface/jobs/\(showcase.large)"
      for role in [Role.viewer, .operator] {
        let headers = ["Authorization": "Bearer \(try await server.token(role))"]
        let text = try await server.get(path, headers: headers).text
        #expect(text.contains("data-dialog=\"dialog-pause\"") == (role == .operator))
        #expect(text.contains("<dialog") == (role == .operator))
        let answer = try await server.post("\(path)/pause", "why=x", headers: headers)
        #expect(answer.status == (role == .operator ? 303 : 403), "\(answer.text)")
        if role == .viewer {
          #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
          #expect(answer.text.contains("The role viewer may not do this, it takes the role operator."))
        }
      }
    }
  }

  @Test func `say what is wrong, and how to go on`() async throws {
    try await TestServer.with { server in
      for (path, status, words) in [
        ("/api/interface/jobs/4711", 404, "There is no such job"), ("/api/interface/jobs/x", 400, "expected a whole number from 1"),
        ("/api/interface/nothing", 404, "There is nothing at /api/interface/nothing."),
        ("/api/interface/metrics?state=nonsense", 400, "expected one of queued, running"),
      ] {
        let answer = try await server.get(path)
        #expect(answer.status == status && answer.headers["content-type"] == "text/html; charset=utf-8")
        #expect(answer.text.contains(words), "\(path): \(answer.text)")
      }
      #expect(try await server.get("/api/jobs/4711").headers["content-type"] == "application/problem+json")
    }
  }

  @Test func `are the same text two seconds later where nothing has happened`() async throws {
    try await TestServer.with { server in
      try await onOwnThread { [engine = server.engine] in
        _ = try Showcase(engine)
        var overview = try engine.metrics.overview()
        overview.now = "2030-01-01T12:00:40.000Z"
        for index in overview.jobs.indices where overview.jobs[index].startedAt != nil {
          overview.jobs[index].startedAt = "2030-01-01T11:58:02.000Z"
        }
        var later = overview
        later.now = "2030-01-01T12:00:42.000Z"
        let parts = [overview, later].map { Dashboard(overview: $0, filter: DashboardFilter(), interval: .seconds(5)).parts.map(\.html) }
        #expect(parts[0] == parts[1])
        #expect(Quantity.age(158.4) == "2 min" && Quantity.age(59.9) == "59 s" && Quantity.age(7_199) == "1 h 59 min")
        #expect(Timeline.past(7_201) == Timeline.past(7_203) && Timeline.past(7_201) - 7_201 < 36 && Timeline.past(0.3) == 1)
      }
    }
  }

  @Test func `filter jobs by what their URL says, and take empty fields for none`() async throws {
    try await TestServer.with { server in
      let showcase = try await onOwnThread { [engine = server.engine] in try Showcase(engine) }
      func jobs(_ query: String) async throws -> [String] {
        try await server.get("/api/interface/metrics?\(query)").text.matches(of: /<li class="card job" id="job-([0-9]+)"/).map {
          String($0.1)
        }
      }
      #expect(try await jobs("text=&state=&workflow=&label=").count == 5)
      #expect(try await jobs("workflow=mosaic") == ["\(showcase.large)"])
      #expect(try await jobs("state=failed") == ["\(showcase.failed)"])
      #expect(try await jobs("label=broken&text=") == ["\(showcase.failed)"])
      #expect(try await jobs("text=NIGHT") == ["\(showcase.large)"])
      #expect(try await jobs("text=unheard").isEmpty)
    }
  }

  @Test func `bring their files under paths that change with their content, to be kept for ever`() async throws {
    try await TestServer.with(token: "the-configured-one", sample: false) { server in
      #expect(PageAssets.files.count == 12)
      for (name, file) in PageAssets.files {
        let answer = try await server.get(PageAssets.path(of: name), headers: ["Authorization": ""])
        #expect(answer.status == 200 && answer.body == file.bytes)
        #expect(answer.headers["cache-control"] == "public, max-age=31536000, immutable")
        #expect(answer.headers["content-type"] == file.contentType && answer.headers["x-content-type-options"] == "nosniff")
        let packed = try await server.get(PageAssets.path(of: name), headers: ["Authorization": "", "Accept-Encoding": "gzip"])
        #expect(packed.body == file.packed ?? file.bytes && packed.headers["vary"] == "Accept-Encoding")
      }
      #expect(try await server.get("/assets/0000000000000000/app.css").status == 404)
    }
  }

  @Test func `HTML keeps markup of its own and escapes the rest`() {
    let piece: HTML = "<b title=\"\("\"'")\">\("<i>&")\("<i>" as HTML)\(url: "a b/ü?")</b>\(nil as HTML?)\(["<br>", "<hr>"] as [HTML])"
    #expect(piece.text == "<b title=\"&quot;&#39;\">&lt;i&gt;&amp;<i>a%20b%2F%C3%BC%3F</b><br><hr>")
  }

  @Test func `numbers are as a person reads them`() {
    #expect(Quantity.text(-12_345_678) == "-12,345,678" && Quantity.text(1, "task") == "1 task")
    #expect(Quantity.short(9_999) == "9,999" && Quantity.short(20_000_000) == "20 M")
    #expect(Quantity.percent(0.999) == "99 %" && Quantity.percent(1) == "100 %" && Quantity.percent(0.0001) == "under 1 %")
    #expect(Quantity.rate(0.05) == "3 tasks/min" && Quantity.rate(0.001) == "3.6 tasks/h" && Quantity.rate(1_234.5) == "1,235 tasks/s")
    #expect(Quantity.bytes(1_536) == "1.5 KiB" && Quantity.duration(3_725) == "1 h 2 min" && Quantity.duration(0.25) == "250 ms")
  }
}
