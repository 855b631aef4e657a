import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `The leader` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private func host(_ name: String) throws -> Int64 {
    try desk.engine.hosts.register(HostIdentity(name: name, machine: name, pid: 1, process: "1"), version: "1", slots: 1, offers: [])
  }

  private func holds(_ term: Leader.Term) throws -> Bool {
    try desk.own.database.transaction { try desk.engine.leader.confirm(term, in: $0) }
  }

  @Test func `is one host, until its lease has run out`() throws {
    let other = try host("other")
    let first = try #require(try desk.engine.leader.lead(desk.host))
    #expect(try desk.engine.leader.lead(other) == nil)
    #expect(try desk.engine.leader.lead(desk.host) == first && holds(first))
    try desk.execute("UPDATE leaders SET lease_until = now() - interval '1 second'")
    #expect(try !holds(first))
    let second = try #require(try desk.engine.leader.lead(other))
    #expect(second.number == first.number + 1)
    #expect(try !holds(first) && holds(second))
    #expect(try desk.engine.leader.lead(desk.host) == nil)
  }

  @Test func `is another at once when it resigns, stops or is lost`() throws {
    let (second, third) = (try host("second"), try host("third"))
    let term = try #require(try desk.engine.leader.lead(desk.host))
    try desk.engine.leader.resign(desk.host)
    let next = try #require(try desk.engine.leader.lead(second))
    #expect(next.number == term.number + 1)
    try desk.engine.hosts.end(second)
    #expect(try desk.engine.leader.lead(third)?.number == next.number + 1)
    #expect(try desk.engine.leader.lead(second) == nil, "a host that has ended led")
  }

  @Test func `that lost its lease for a moment has another term, even if it leads again`() throws {
    let first = try #require(try desk.engine.leader.lead(desk.host))
    try desk.execute("UPDATE leaders SET lease_until = now() - interval '1 second'")
    let second = try #require(try desk.engine.leader.lead(desk.host))
    #expect(second.number == first.number + 1)
    #expect(try !holds(first))
  }

  @Test func `is one of many that ask at the same time`() async throws {
    let hosts = try (0..<8).map { try host("h\($0)") }
    let meeting = Meeting(of: hosts.count)
    let desk = desk
    let terms = try await withThrowingTaskGroup(of: Leader.Term?.self) { group in
      for host in hosts {
        group.addTask {
          try await onOwnThread {
            meeting.wait()
            return try desk.engine.leader.lead(host)
          }
        }
      }
      var terms: [Leader.Term] = []
      for try await term in group { if let term { terms.append(term) } }
      return terms
    }
    #expect(terms.count == 1 && terms[0].number == 1)
  }

  @Test func `cannot be overtaken by another while it confirms its term`() throws {
    let other = try host("other")
    let term = try #require(try desk.engine.leader.lead(desk.host))
    try desk.own.database.transaction { tx in
      let isConfirmed = try desk.engine.leader.confirm(term, in: tx)
      #expect(isConfirmed)
      #expect(throws: DatabaseError.self) {
        try desk.own.database.transaction { outside in
          try outside.execute("SET LOCAL lock_timeout = '20ms'")
          try outside.execute("UPDATE leaders SET host_id = \(other), term = term + 1")
        }
      }
    }
  }
}
