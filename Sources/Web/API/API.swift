import Engine
import Workflow

/// What can be asked of a host over HTTP.
struct API: Sendable {
  let parts: WebServer.Parts
  let table: RouteTable

  init(_ given: WebServer.Parts, entrance: Entrance, readings: PageReadings, hub: EventHub) {
    var parts = given
    // whoever looks sees at once what somebody did here
    parts.onChange = {
      given.onChange()
      hub.wake()
    }
    self.parts = parts
    let engine = parts.engine
    var routes =
      JobRoutes(engine: engine, onChange: parts.onChange).routes + ControlRoutes(engine: engine, onChange: parts.onChange).routes
      + StageRoutes(views: engine.views).routes
      + TaskRoutes(views: engine.views).routes + LogRoutes(views: engine.views).routes
      + CatalogRoutes(catalog: engine.catalog).routes + HostRoutes(views: engine.views).routes
      + LimitRoutes(engine: engine, onChange: parts.onChange).routes
    routes += FailureRoutes(engine: engine, onChange: parts.onChange).routes
    routes += ScheduleRoutes(schedules: engine.schedules).routes
    routes += MetricsRoutes(engine: engine, version: parts.version, host: parts.host).routes
    routes += TriggerRoutes(triggers: engine.triggers, key: parts.signingKey, onChange: parts.onChange).routes
    routes += AlertRoutes(alerts: engine.alerts).routes
    routes += AuditRoutes(audit: engine.audit).routes
    routes += CollectionRoutes(provenance: engine.provenance, views: engine.views, onChange: parts.onChange).routes
    routes += TokenRoutes(tokens: engine.tokens, sessions: engine.sessions, keyring: entrance.keyring).routes
    routes += LoginRoutes(keyring: entrance.keyring, entrance: entrance).routes
    routes += PageRoutes(readings: readings, hub: hub).routes + ActRoutes(engine: engine, onChange: parts.onChange).routes
    routes += DatasetActRoutes(datasets: engine.datasets, onChange: parts.onChange).routes
    routes += ScheduleActRoutes(schedules: engine.schedules, onChange: parts.onChange).routes
    routes += DatasetRoutes(datasets: engine.datasets, views: engine.views, onChange: parts.onChange).routes
    routes += StyleRoutes(styles: engine.styles).routes + TileRoutes(tiles: engine.tiles, datasets: engine.datasets).routes
    routes.append(ValidationRoute(catalog: engine.catalog).route)
    routes += HealthRoutes(engine: engine, version: parts.version, host: parts.host).routes
    // the document describes the route that serves it, too
    let document = DocumentText()
    routes.append(document.route)
    table = RouteTable(routes: routes)
    document.set(OpenAPIDocument(table: table, version: parts.version).json)
  }
}
