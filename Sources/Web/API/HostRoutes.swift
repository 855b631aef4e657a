import Engine
import Workflow

/// The hosts that share the database.
struct HostRoutes: Sendable {
  let views: Views

  var routes: [Route] {
    [
      .get("/api/hosts", id: "listHosts", "The hosts that are alive, and the last few that ended.", schema: "HostList") { _ in
        .json(["hosts": .array(try views.hosts().map(\.json))])
      }
    ]
  }
}
