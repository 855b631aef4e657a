import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `The commands about access` {
    @Test func `make the first token before a host serves, and use it from a file`() async throws {
      let place = try Place()
      let made = try await place.weir("tokens", "create", "--name", "first", "--role", "admin", "--expires", "90d")
      #expect(made.status == 0 && made.out.hasPrefix("weir_") && made.err.contains("not shown again"), "\(made)")
      place.write("token", made.out)
      let host = try await place.serve(["WEIR_LISTEN": "0.0.0.0:0"])
      let stranger = try await place.weir("jobs", "--url", host.url)
      #expect(stranger.status == 1 && stranger.err.contains("no token was sent"), "\(stranger)")
      let file = "\(place.folder.path)/token"
      let friend = try await place.weir("jobs", "--url", host.url, "--token-file", file)
      #expect(friend.status == 0 && friend.err == "", "\(friend)")

      let with = ["WEIR_URL": host.url, "WEIR_TOKEN_FILE": file]
      let second = try await place.weir("tokens", "create", "--name", "reader", "--role", "viewer", "--json", with: with)
      let reader = try JSON(parsing: second.out)["token"]?.stringValue ?? ""
      #expect(second.status == 0 && reader.hasPrefix("weir_"), "\(second)")
      let refused = try await place.weir("cancel", "1", with: ["WEIR_URL": host.url, "WEIR_TOKEN": reader])
      #expect(refused.status == 1 && refused.err.contains("the role viewer may not do this, it takes the role operator"), "\(refused)")
      let listed = try await place.weir("tokens", "list", with: with)
      #expect(listed.out.split(separator: "\n").map { $0.prefix { $0 != " " } } == ["reader", "first"], "\(listed)")
      #expect(!listed.out.contains(reader))
      let revoked = try await place.weir("tokens", "revoke", "reader")
      #expect(revoked.status == 0 && revoked.out == "token reader: revoked\n", "\(revoked)")
      let late = ContinuousClock.now + .seconds(30)
      while try await place.weir("jobs", with: ["WEIR_URL": host.url, "WEIR_TOKEN": reader]).status == 0 {
        try #require(ContinuousClock.now < late, "a revoked token still opens the host")
      }
      let sessions = try await place.weir("sessions", "list", with: with)
      #expect(sessions.status == 0 && sessions.out == "", "\(sessions)")
      let audit = try await place.weir("audit", "--via", "cli", with: with)
      let actions = audit.out.split(separator: "\n").map {
        $0.split(separator: " ").filter { $0.contains("token") || $0.contains("first") }
      }
      #expect(actions.count == 3 && audit.out.contains("token.revoke") && audit.out.contains("first (admin)"), "\(audit)")
    }

    @Test func `say what is wrong with a name, a role and a time`() async throws {
      let place = try Place()
      let name = try await place.weir("tokens", "create", "--name", "a b", "--role", "viewer")
      #expect(name.status == 1 && name.err.hasPrefix("\"a b\" cannot be a token's name\n  Take 1 to 100 letters"), "\(name)")
      let role = try await place.weir("tokens", "create", "--name", "a", "--role", "root")
      #expect(role.status != 0 && role.err.contains("--role is viewer, operator or admin."), "\(role)")
      let time = try await place.weir("tokens", "create", "--name", "a", "--role", "viewer", "--expires", "soon")
      #expect(time.status != 0 && time.err.contains("--expires is a number with a unit, such as 90d or 12h."), "\(time)")
      let nobody = try await place.weir("tokens", "revoke", "nobody")
      #expect(nobody.status == 1 && nobody.err == "there is no token \"nobody\" that could be revoked\n  There is none.\n", "\(nobody)")
      let empty = try await place.weir("jobs", "--token-file", "/dev/null")
      #expect(empty.status == 1 && empty.err.hasPrefix("/dev/null: holds no token"), "\(empty)")
    }
  }
}
