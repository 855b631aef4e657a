import Engine
import Workflow

/// What can be asked of a host over HTTP.
struct API: Sendable {
  let parts: WebServer.Parts
  let table: RouteTable

  init(_ parts: WebServer.Parts) {
    self.parts = parts
    let engine = parts.engine
    var routes =
      JobRoutes(engine: engine, onChange: parts.onChange).routes + ControlRoutes(engine: engine, onChange: parts.onChange).routes
      + StageRoutes(views: engine.views).routes
      + TaskRoutes(views: engine.views).routes + LogRoutes(views: engine.views).routes
      + CatalogRoutes(catalog: engine.catalog).routes + HostRoutes(views: engine.views).routes
      + LimitRoutes(engine: engine, onChange: parts.onChange).routes
    routes += AuditRoutes(audit: engine.audit).routes
    routes.append(HealthRoute(database: engine.database, version: parts.version).route)
    // the document describes the route that serves it, too
    let document = DocumentText()
    routes.append(document.route)
    table = RouteTable(routes: routes)
    document.set(OpenAPIDocument(table: table, version: parts.version, needsToken: parts.token != nil).json)
  }
}
