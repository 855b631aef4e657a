import Database
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir serve at its start` {
    @Test func `refuses an address that others can reach, without a token`() async throws {
      let place = try Place()
      let output = try await place.weir("serve", "--listen", "0.0.0.0:0")
      #expect(output.status == 1 && output.out == "", "\(output)")
      #expect(
        output.err.hasSuffix(
          """
          will not listen on 0.0.0.0:0: other machines can reach it, and there is no token
            Make one: `weir tokens create --name NAME --role admin`; or set `token` (WEIR_TOKEN), or listen on 127.0.0.1.

          """), "\(output)")
    }

    @Test func `asks for the token that it has, for all but its health`() async throws {
      let place = try Place()
      let host = try await place.serve(["WEIR_LISTEN": "0.0.0.0:0", "WEIR_TOKEN": "sixteen-letters-"])
      #expect(try await host.get("/api/jobs").status == 200)
      let stranger = try await place.weir("jobs", "--url", host.url)
      #expect(stranger.status == 1 && stranger.err.contains("WEIR_TOKEN"), "\(stranger)")
      let friend = try await place.weir("jobs", "--url", host.url, with: ["WEIR_TOKEN": "sixteen-letters-"])
      #expect(friend.status == 0, "\(friend)")
      let environment = RunningProgram.text("/proc/\(host.program.pid)/environ")
      #expect(environment.isEmpty || getuid() == 0)
    }

    @Test func `says that its port is taken`() async throws {
      let place = try Place()
      let host = try await place.serve()
      let output = try await place.weir("serve", "--listen", "127.0.0.1:\(host.port)")
      #expect(output.status == 1 && output.out == "", "\(output)")
      #expect(
        output.err.hasSuffix(
          """
          cannot listen on 127.0.0.1:\(host.port): another program listens there already
            Is a host running there already? Stop it, or set `listen` (WEIR_LISTEN) to another port; port 0 takes any free one.

          """), "\(output)")
    }

    @Test func `says that the database is away, not what its password is`() async throws {
      let place = try Place()
      for command in [["serve"], ["db", "status"]] {
        let output = try await place.weir(command, with: ["WEIR_DATABASE_URL": "postgresql://weir:letmein@127.0.0.1:1/weir"])
        #expect(output.status == 1 && output.out == "", "\(output)")
        #expect(
          output.err.hasSuffix(
            """
            database host=127.0.0.1 port=1 dbname=weir user=weir: PostgreSQL cannot be reached, or the connection was lost.
              Check that the server runs and that the host, port and socket folder of the database URL are right.

            """), "\(output)")
        #expect(!output.err.contains("letmein"))
      }
    }

    @Test func `refuses two plugins and two workflows of one name, and says where each stands`() async throws {
      let workflow = #"{"name": "twice", "stages": [{"id": "a", "handler": "noop.run"}]}"#
      let place = try Place(plugins: [.noop], workflows: [workflow, workflow])
      place.write("manifests/plugins/z_again.json", TestPlugin.noop.manifest)
      let output = try await place.weir("serve")
      #expect(output.status == 1 && output.out == "", "\(output)")
      let folder = place.manifests
      #expect(
        output.err == """
          \(folder)/plugins/z_again.json: id: \(folder)/plugins/noop.json defines a plugin "org.weir.noop" already.
            Take one of the two manifests out of the folder.
          \(folder)/workflows/test-1.json: name: \(folder)/workflows/test-0.json defines a workflow "twice" already.
            Give one of the two another name.

          """, "\(output)")
    }

    @Test func `refuses two plugins that have a handler of one name`() async throws {
      let place = try Place(plugins: [.noop])
      let twin = place.manifests + "/plugins/libTwin.so"
      try place.copy("\(RunningProgram.folder)/libNoop.so", to: twin, replacing: "org.weir.noop", by: "org.weir.twin")
      let manifest = TestPlugin.noop.manifest.replacing("org.weir.noop", with: "org.weir.twin").replacing("Noop", with: "Twin")
      place.write("manifests/plugins/twin.json", manifest)
      let output = try await place.weir("serve")
      #expect(output.status == 1 && output.out == "", "\(output)")
      #expect(
        output.err.contains(
          """
          \(place.manifests)/plugins: handlers.noop.run: plugins "org.weir.noop" and "org.weir.twin" both have a handler "noop.run".
            Take one of the two manifests out of the folder.
          """), "\(output)")
    }

    @Test func `installs pgSTAC, or says what a superuser must do`() async throws {
      let place = try Place()
      let bare = try TestDatabase.make()
      try await onOwnThread {
        try bare.database.withConnection { try $0.executeScript("DROP ROLE IF EXISTS no_superuser; CREATE ROLE no_superuser LOGIN") }
      }
      let url = bare.url.split(separator: "//weir@").joined(separator: "//no_superuser@")
      for command in [["serve"], ["db", "migrate"]] {
        let output = try await place.weir(command, with: ["WEIR_DATABASE_URL": url])
        #expect(output.status == 1 && output.out == "", "\(output)")
        #expect(
          output.err.hasSuffix(
            """
            pgSTAC: the login role may not make extensions and roles.
              Have a superuser run CREATE EXTENSION postgis, btree_gist, unaccent; make the roles pgstac_admin, pgstac_ingest, \
            pgstac_read; and grant them to the login role.

            """), "\(output)")
      }
    }

    @Test func `refuses malformed manifests, all at once, and leaves the database as it is`() async throws {
      let place = try Place(
        plugins: [.noop], workflows: [#"{"name": "bad", "stages": [{"id": "a", "handler": "noop.runn", "param": {}}]}"#])
      place.write(
        "manifests/plugins/gone.json",
        #"{"id": "org.weir.gone", "version": "1.0.0", "abi": 1, "library": "Gone", "handlers": {"gone.run": {}}}"#)
      place.write(
        "manifests/plugins/odd.json", #"{"id": "org.weir.odd", "version": "1", "abi": 2, "library": "Noop", "handlers": {"odd.run": {}}}"#)
      place.write("manifests/workflows/cut.json", #"{"name": "cut", "#)
      let bare = try TestDatabase.make()
      let output = try await place.weir("serve", with: ["WEIR_DATABASE_URL": bare.url])
      #expect(output.status == 1 && output.out == "", "\(output)")
      let wanted = [
        "plugins/gone.json: library: there is no libGone.so in \(place.manifests)/plugins or ", "plugins/odd.json:1:35: version: ",
        "plugins/odd.json:1:47: abi: ", "workflows/test-0.json:1:51: stages[0].handler: plugin \"org.weir.noop\" has no handler \"runn\".",
        "workflows/test-0.json:1:64: stages[0].param: unknown key.", "workflows/cut.json:1:",
      ]
      for part in wanted { #expect(output.err.contains("\(place.manifests)/\(part)"), "\(part) is not in:\n\(output.err)") }
      let tables = try await Catalogue.number("SELECT count(*) FROM pg_namespace WHERE nspname IN ('app', 'pgstac')", in: bare)
      #expect(tables == 0)
    }
  }
}
