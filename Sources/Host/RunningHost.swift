import Database
import Engine
import Glibc
import Logging
import Runners
import Runtime
import ServiceLifecycle
import Storage
import UnixSignals
import Web
import Workflow

/// A host from start to stop: database, plugins, workflows, runtime, and HTTP unless it only works.
final class RunningHost: Sendable {
  /// What the host is there for.
  enum Purpose: Sendable {
    /// To work and to serve the API.
    case serving
    /// To work until it is told to stop, without HTTP.
    case working
    /// To work until nothing is left that it could do, without HTTP.
    case finishing
  }

  let configuration: HostConfiguration
  let logger: Logger
  private let opening: DatabaseOpening
  private let watch: ClusterWatch?
  private let runtime: HostRuntime
  private let web: WebServer?
  private let finish: Finish?
  private let group: ServiceGroup

  /// Where the API is served, once it is: `http://127.0.0.1:8080`; nil for a host without.
  var url: String? { get async throws { try await web?.url } }
  /// What the host found when nothing was left that it could do; nil when it was told to stop before.
  var leftover: Prospect? { finish?.found }

  private init(
    configuration: HostConfiguration, logger: Logger, opening: DatabaseOpening, runtime: HostRuntime, web: WebServer?, finish: Finish?,
    onServing: @escaping @Sendable (Int64) -> Void
  ) {
    self.configuration = configuration
    self.logger = logger
    self.opening = opening
    watch = opening.cluster.map { cluster in
      ClusterWatch(cluster, logger: logger) { exit(75) }  // EX_TEMPFAIL: runners leave with us, and a new start may do better
    }
    self.runtime = runtime
    self.web = web
    self.finish = finish
    let service: any Service = if let web { web } else if let finish { finish } else { Standing() }
    group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .init(
            service: Announced(service: service) { [id = runtime.id] in onServing(id) },
            successTerminationBehavior: .gracefullyShutdownGroup)
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
  }

  /// Opens and installs the database, loads plugins and workflows, and starts working.
  /// - Parameter onServing: hears the host's id when `serve` has begun and signals to stop are listened to.
  /// - Throws: `Problems`, `ClusterError`, `DatabaseError`, ...: what keeps the host from starting.
  static func start(
    _ configuration: HostConfiguration, containers: [String: String]? = nil, purpose: Purpose = .serving,
    onServing: @escaping @Sendable (Int64) -> Void = { _ in }
  ) async throws -> RunningHost {
    try await onThread { try open(configuration, containers: containers ?? configuration.containers, purpose, onServing) }
  }

  private static func open(
    _ configuration: HostConfiguration, containers: [String: String], _ purpose: Purpose, _ onServing: @escaping @Sendable (Int64) -> Void
  ) throws -> RunningHost {
    let logger = HostLog.logger(configuration)
    // first of all: from here on no other process of this user reads our memory or environment
    try RunnerPool.forbidInspection()
    let credentials = Credentials(configuration.credentials, environment: Environment.current)
    let stores = try Containers(containers, credentials: credentials)
    var runners = try RunnerConfiguration(hostVersion: Weir.version, environment: Environment.current)
    runners.grace = configuration.grace
    if getuid() == 0 { runners.user = try RunnerConfiguration.User(named: configuration.runnerUser) }
    // before the database, so that a wrong manifest changes nothing
    let catalog = try catalog(configuration, runners, logger)
    let opening = try DatabaseOpening(configuration, logger: logger)
    do {
      try Installation(opening.database).install()
      let databases = try opening.handlerDatabases(configuration, logger: logger)
      let engine = Engine(
        database: opening.database, lease: configuration.lease, quarantineAfter: configuration.quarantineAfter,
        curated: databases.first { $0.name == GuestRole.geo.schema })
      if case .serving = purpose { try checkThatTokensGuard(configuration, engine) }
      for workflow in catalog.workflows { try engine.catalog.put(workflow.definition, text: workflow.text) }
      for reason in try engine.datasets.seed(catalog.datasets, by: .system) {
        logger.warning("Left a dataset's manifest out", metadata: ["reason": "\(reason)"])
      }
      var parts = HostRuntime.Parts(
        engine: engine, stac: Stac(database: opening.registry), plugins: catalog.plugins, containers: stores,
        databases: databases,
        http: HandlerNetwork.configuration(configuration, partials: "\(configuration.folder)/downloads"), runners: runners,
        slots: configuration.runners ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)), version: Weir.version, logger: logger)
      (parts.limits, parts.resources, parts.unavailable) = (configuration.limits, configuration.resources, catalog.unavailable)
      parts.retention = RetentionRules(configuration.retention)
      parts.metrics = configuration.metrics
      parts.spans = try configuration.traces.map { setting in
        try SpanTarget(
          setting, credentials: configuration.httpCredentials, environment: Environment.current, host: HostIdentity.current().name,
          version: Weir.version)
      }
      parts.webhooks = configuration.webhooks.map { Webhook($0.key, $0.value, credentials: credentials) }
      let runtime = try HostRuntime(parts) {
        logger.critical("This host was given up: start it again")
        exit(75)  // EX_TEMPFAIL: whoever supervises us starts us anew
      }
      guard case .serving = purpose else {
        var finish: Finish?
        if case .finishing = purpose { finish = Finish(runtime: runtime, logger: logger) }
        return RunningHost(
          configuration: configuration, logger: logger, opening: opening, runtime: runtime, web: nil, finish: finish,
          onServing: onServing)
      }
      var served =
        WebServer.Parts(
          engine: engine, address: configuration.listen, token: configuration.token, version: Weir.version, logger: logger,
          host: WebServer.WorkingHost(id: runtime.id, plugins: catalog.plugins.count, work: { runtime.work }),
          sampleInterval: configuration.metrics.sampleInterval, onChange: { runtime.poke() })
      served.signingKey = { name in try? credentials[name]?.part("signing_key") }  // who asks learns no more than that he is not believed
      let web = WebServer(served)
      return RunningHost(
        configuration: configuration, logger: logger, opening: opening, runtime: runtime, web: web, finish: nil, onServing: onServing)
    } catch {
      opening.close()
      throw error
    }
  }

  /// What the manifests say; a plugin that lacks something on this machine is named, and the others work without.
  private static func catalog(
    _ configuration: HostConfiguration, _ runners: RunnerConfiguration, _ logger: Logger
  ) throws(Problems) -> HostCatalog {
    let catalog = try HostCatalog(configuration, runners: runners)
    for plugin in catalog.unavailable {
      logger.error(
        "A plugin cannot be loaded", metadata: ["plugin": "\(plugin.id)", "reason": "\(plugin.message)", "hint": "\(plugin.hint)"])
    }
    return catalog
  }

  /// What others can reach, a token must guard: said before the host claims anything.
  private static func checkThatTokensGuard(_ configuration: HostConfiguration, _ engine: Engine) throws {
    guard try configuration.listen.isLoopback || configuration.token != nil || engine.tokens.isAnyActive() else {
      throw WebError(.tokenMissing, subject: "\(configuration.listen)")
    }
  }

  /// Serves and works until SIGTERM, SIGINT, `shutDown` or the end of what it is there for, then stops in order.
  func serve() async throws {
    do {
      try await group.run()
    } catch {
      await stop()
      throw error
    }
    await stop()
  }

  /// Ends `serve`.
  func shutDown() async { await group.triggerGracefulShutdown() }

  private func stop() async {
    SystemdNotice.stopping()
    await Self.onThread { [self] in
      runtime.stop()
      watch?.stop()
      opening.close()
    }
  }

  /// Does what blocks on a thread of its own.
  static func onThread<T: Sendable, E: Error>(_ body: @escaping @Sendable () throws(E) -> T) async throws(E) -> T {
    let result: Result<T, E> = await withCheckedContinuation { continuation in
      Threads.start {
        do throws(E) { continuation.resume(returning: .success(try body())) } catch { continuation.resume(returning: .failure(error)) }
      }
    }
    return try result.get()
  }
}
