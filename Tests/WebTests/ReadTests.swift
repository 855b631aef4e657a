import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Reading over HTTP` {
  @Test func `jobs are listed page by page, newest first`() async throws {
    try await TestServer.with { server in
      for label in ["a", "b", "a"] { _ = try await server.post("/api/jobs/submit/gather?label=\(label)", #"{"from": "here"}"#) }
      let first = try await server.get("/api/jobs?limit=2").json
      #expect(first["jobs"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == ["3", "2"])
      #expect(first["next"] == "2")
      let rest = try await server.get("/api/jobs?limit=2&after=2").json
      #expect(rest["jobs"]?.arrayValue?.count == 1)
      #expect(rest["next"]?.isNull == true)
      #expect(try await server.get("/api/jobs?label=a").json["jobs"]?.arrayValue?.count == 2)
      #expect(try await server.get("/api/jobs?state=cancelled").json["jobs"] == [])
      #expect(try await server.get("/api/jobs?workflow=orphan").json["jobs"] == [])
    }
  }

  @Test func `items come as they were emitted, number by number`() async throws {
    try await TestServer.with { server in
      let path = "/api/jobs/\(try await server.halfDone().job)/stages/list"
      #expect(try await server.get("\(path)/items?limit=3").text == #"{"items":["a","b","c"],"next":"2"}"#)
      #expect(try await server.get("\(path)/items?limit=3&after=2").text == #"{"items":["d",{"e": 10.0}],"next":null}"#)
      #expect(try await server.get("\(path)/rejects?limit=1").json["rejects"]?[0]?["subject"] == "f")
    }
  }

  @Test func `numbers keep their text`() async throws {
    try await TestServer.with { server in
      let job = try await server.halfDone().job
      let stage = try await server.get("/api/jobs/\(job)/stages/list").json
      #expect(stage["result"]?.serialized() == #"{"ratio":0.49,"whole":10.0}"#)
    }
  }

  @Test func `tasks are found by number and by state`() async throws {
    try await TestServer.with { server in
      let path = "/api/jobs/\(try await server.halfDone().job)/stages/copy/tasks"
      #expect(try await server.get("\(path)/1").json["message"] == "sample.copy crashed: SIGSEGV")
      #expect(try await server.get("\(path)/2").json["progress"]?["done"] == 1)
      #expect(try await server.get("\(path)?state=failed").json["tasks"]?.arrayValue?.compactMap { $0["n"]?.intValue } == [1])
      let page = try await server.get("\(path)?limit=2").json
      #expect(page["next"] == "1")
      #expect(try await server.get("\(path)?limit=2&after=1").json["tasks"]?.arrayValue?.compactMap { $0["n"]?.intValue } == [2])
      let missing = try await server.get("\(path)/3")
      #expect(missing.status == 404)
      #expect(missing.json["hint"] == "The stage has 3 tasks, counted from 0.")
    }
  }

  @Test func `the log is filtered by stage, task and level`() async throws {
    try await TestServer.with { server in
      let path = "/api/jobs/\(try await server.halfDone().job)/logs"
      let all = try await server.get("\(path)?limit=1").json
      #expect(all["lines"]?[0]?["message"] == "looking")
      let next = all["next"]?.stringValue ?? ""
      #expect(try await server.get("\(path)?after=\(next)").json["lines"]?[0]?["fields"]?.serialized() == #"{"ms":1.50}"#)
      #expect(try await server.get("\(path)?level=warning").json["lines"]?.arrayValue?.count == 1)
      #expect(try await server.get("\(path)?stage=copy&n=0").json["lines"] == [])
      #expect(try await server.get("\(path)?n=0").json["hint"] == "A task's number counts in its stage: add `stage`.")
      #expect(try await server.get("\(path)?level=warn").json["errors"]?[0]?["suggestion"]?.isNull == false)
    }
  }

  @Test func `failures are rejects, and tasks that failed`() async throws {
    try await TestServer.with { server in
      let job = try await server.halfDone().job
      let failures = try await server.get("/api/jobs/\(job)/failures").json
      #expect(failures["rejects"]?[0]?["stage"] == "list")
      #expect(failures["rejects"]?[0]?["message"] == "f is not there")
      #expect(failures["failed_tasks"]?[0]?["id"] == .string("\(job)/copy/1"))
      #expect(failures["cut"] == false)
    }
  }

  @Test func `workflows and plugins tell what they take`() async throws {
    try await TestServer.with { server in
      let workflow = try await server.get("/api/workflows/gather").json
      #expect(workflow["created_at"]?.stringValue?.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(workflow)")
      #expect(workflow["parameters"]?["properties"]?["count"]?["default"] == 5)
      #expect(workflow["definition"]?["stages"]?[1]?["totals"]?.serialized() == #"{"bytes":"sum"}"#)
      #expect(try await server.get("/api/workflows/nothing").json["hint"] == "There are gather, orphan.")
      let plugin = try await server.get("/api/plugins").json["plugins"]?[0]
      #expect(plugin?["id"] == "sample")
      #expect(plugin?["handlers"]?[1]?["params_schema"]?.serialized() == #"{"type":"object"}"#)
      #expect(plugin?["handlers"]?[1]?["timeout_ms"] == 90_000)
    }
  }

  @Test func `health tells of the database`() async throws {
    try await TestServer.with { server in
      let health = try await server.get("/api/health")
      #expect(health.status == 200)
      #expect(health.json["version"] == .string(TestServer.version))
      #expect(health.json["database"]?["status"] == "ok")
    }
  }

  @Test func `HEAD answers with the headers of GET`() async throws {
    try await TestServer.with { server in
      let (get, head) = (try await server.get("/api/jobs"), try await server.send("HEAD", "/api/jobs"))
      #expect(head.status == 200)
      #expect(head.body.isEmpty)
      #expect(head.headers["content-length"] == "\(get.body.count)")
      #expect(try await server.send("HEAD", "/api/jobs/999").status == 404)
    }
  }

  @Test func `many who ask at once are all answered`() async throws {
    try await TestServer.with { server in
      let job = try await server.halfDone().job
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<64 { group.addTask { try await server.get("/api/jobs/\(job)").status } }
        return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
      }
      #expect(statuses == [200: 64])
    }
  }
}
