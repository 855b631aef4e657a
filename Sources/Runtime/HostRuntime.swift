import Dispatch
public import Database
public import Engine
public import Logging
public import Runners
public import Storage
import Synchronization
public import Workflow

/// What a host does all day: registers, claims, dispatches, serves handlers, and stops in order.
public final class HostRuntime: Sendable {
  /// What the host is made of.
  public struct Parts: Sendable {
    public var engine: Engine
    public var stac: Stac
    public var plugins: [LoadedPlugin]
    /// What the machine lacks something for.
    public var unavailable: [UnavailablePlugin] = []
    public var containers: Containers
    /// What `weir.sql/1` offers.
    public var databases: [GuestConfiguration]
    public var http: HTTPServiceConfiguration
    public var runners: RunnerConfiguration
    /// Runners at a time.
    public var slots: Int
    public var version: String
    /// What the host's configuration says of limits, by resource or handler.
    public var limits: [String: LimitSettings] = [:]
    /// What it says of resources, by handler: it counts more than the plugins' manifests.
    public var resources: [String: [String: Int]] = [:]
    /// What the configuration says of how long jobs are kept.
    public var retention = RetentionRules()
    public var metrics = MetricsSettings()
    /// Where alerts are sent; `http.privateAddresses` holds for them, too.
    public var webhooks: [Webhook] = []
    /// How often they are tried, and how long the leader waits between two looks at what needs attention.
    public var alerts = (retry: DeliveryRetry(), pause: Duration.seconds(10))
    /// Where spans are sent; nil: there are none.
    public var spans: SpanTarget?
    public var logger: Logger

    public init(
      engine: Engine, stac: Stac, plugins: [LoadedPlugin], containers: Containers, databases: [GuestConfiguration] = [],
      http: HTTPServiceConfiguration = HTTPServiceConfiguration(),
      runners: RunnerConfiguration, slots: Int, version: String, logger: Logger
    ) {
      self.engine = engine
      self.stac = stac
      self.plugins = plugins
      self.containers = containers
      self.databases = databases
      self.http = http
      self.runners = runners
      self.slots = slots
      self.version = version
      self.logger = logger
    }
  }

  /// The host's id in the database.
  public let id: Int64
  private let parts: Parts
  private let pool: RunnerPool
  private let mailbox: Mailbox
  private let dispatcher: Dispatcher
  private let heartbeat: Heartbeat
  private let housekeeper: Housekeeper
  private let announcer: Announcer
  private let chores: LeaderChores
  private let sampler: Sampler
  private let courier: AlertCourier
  private let objects: ObjectWatch
  private let exporter: SpanExporter?
  private let services: HandlerServices
  private let hasEnded = DispatchSemaphore(value: 0)

  /// Registers the host, takes over what an earlier process of this machine left, and starts working.
  /// - Parameters:
  ///   - onEndedJobs: jobs that ended here; called on the dispatcher's thread.
  ///   - onLost: the lease is gone and the runners were killed: the host must be started anew.
  public init(
    _ parts: Parts, onEndedJobs: @escaping @Sendable ([Int64]) -> Void = { _ in },
    onLost: @escaping @Sendable () -> Void
  ) throws {
    let (engine, logger) = (parts.engine, parts.logger)
    let handlers = parts.plugins.flatMap(\.handlers)
    try engine.catalog.put(parts.plugins.flatMap(\.known))
    try engine.catalog.put(metrics: Dictionary(parts.plugins.map { ($0.manifest.id, $0.manifest.metrics) }) { one, _ in one })
    let resources = Dictionary(handlers.map { ($0.name, parts.resources[$0.name] ?? $0.resources) }) { one, _ in one }
    try engine.limits.configure(parts.limits, resources: resources, by: .system)
    let identity = HostIdentity.current()
    let id = try engine.hosts.register(
      identity, version: parts.version, slots: parts.slots,
      offers: handlers.map { Offer(handler: $0.name, libraryHash: $0.build.sha256) }, unavailable: parts.unavailable)
    let (tasks, mailbox, threads) = (InFlightTasks(), Mailbox(), ServiceThreads())
    let journalist = Journalist(journal: engine.journal, logger: logger)
    let services = HandlerServices(
      threads: threads, checkpoints: CheckpointService(checkpoints: engine.checkpoints, logger: logger),
      storage: StorageService(containers: parts.containers, ledger: ObjectLedger(database: engine.database)),
      stac: StacService(stac: parts.stac), sql: SQLService(parts.databases),
      http: HTTPService(parts.http, containers: parts.containers))
    let reports = RunnerReports(
      tasks: tasks, mailbox: mailbox, threads: threads, intake: ItemIntake(spool: engine.spool, logger: logger),
      services: services, journalist: journalist)
    let pool = try RunnerPool(slots: parts.slots, configuration: parts.runners, delegate: reports)
    self.id = id
    self.parts = parts
    let announcer = Announcer(engine: engine, threads: threads, logger: logger) { mailbox.poke() }
    self.pool = pool
    self.mailbox = mailbox
    self.announcer = announcer
    self.services = services
    let exporter = parts.spans.map { SpanExporter($0, logger: logger) }
    self.exporter = exporter
    let tracer = Tracer(exporter: exporter, ratio: parts.spans?.ratio ?? 0)
    dispatcher = Dispatcher(
      engine: engine, host: id, handlers: handlers, tasks: tasks, mailbox: mailbox, pool: pool, tracer: tracer, logger: logger,
      onEndedJobs: { jobs, hasMore in
        if hasMore { announcer.announce() }
        if !jobs.isEmpty { onEndedJobs(jobs) }
      })
    heartbeat = Heartbeat(
      lease: engine.hosts.lease, logger: logger, renew: { try engine.hosts.renew(id) },
      onLost: { [dispatcher] in
        dispatcher.abandon()
        pool.abandon()
        onLost()
      })
    housekeeper = Housekeeper(
      engine: engine, identity: identity, host: id, journalist: journalist, logger: logger,
      queueTimeouts: Dictionary(handlers.compactMap { handler in handler.queueTimeout.map { (handler.name, $0) } }) { first, _ in first },
      cancel: { attempts in for attempt in attempts { pool.cancel(token: attempt.token, grace: attempt.stop == .now ? .zero : nil) } },
      onWork: { mailbox.poke() })
    chores = LeaderChores(engine: engine, host: id, retention: parts.retention, tracer: tracer, logger: logger) { mailbox.poke() }
    sampler = Sampler(engine: engine, host: id, settings: parts.metrics, logger: logger)
    courier = AlertCourier(
      engine: engine, host: id, webhooks: parts.webhooks,
      sender: WebhookSender(privateAddresses: parts.http.privateAddresses, userAgent: "weir/\(parts.version)"),
      retry: parts.alerts.retry, pause: parts.alerts.pause, logger: logger)
    objects = ObjectWatch(engine: engine, host: id, containers: parts.containers, logger: logger) { mailbox.poke() }
    heartbeat.start()
    Threads.start { [objects] in objects.work() }
    if let exporter { Threads.start { exporter.work() } }
    Threads.start { [courier] in courier.work() }
    Threads.start { [sampler] in sampler.work() }
    Threads.start { [chores] in chores.work() }
    Threads.start { [housekeeper] in housekeeper.work() }
    Threads.start { [dispatcher, hasEnded] in
      dispatcher.work()
      hasEnded.signal()
    }
  }

  /// Says that there is work: a job was submitted, another host opened a stage, something was cancelled.
  public func poke() {
    mailbox.poke()
    housekeeper.wake()
    announcer.announce()
  }

  /// What ended here since the host started.
  public var work: HostWork {
    var work = dispatcher.done
    work.spans = exporter?.counts
    return work
  }

  /// What is left to do for this host.
  public func prospect() throws -> Prospect {
    try parts.engine.hosts.prospect(handlers: parts.plugins.flatMap(\.handlers).map(\.name))
  }

  /// Stops in order: what waits goes back at once, what runs is told to stop and goes back, uncounted. Blocks.
  public func stop() {
    tell("is stopping") { try parts.engine.hosts.drain(id) }
    mailbox.stop()
    dispatcher.closeIntake()
    pool.stop(grace: parts.runners.grace)
    hasEnded.wait()
    housekeeper.stop()
    chores.stop()
    sampler.stop()
    courier.stop()
    objects.stop()
    exporter?.stop()
    heartbeat.stop()
    announcer.stop()
    services.close()
    tell("leads no more") { try parts.engine.leader.resign(id) }
    tell("has stopped") { try parts.engine.hosts.end(id) }
  }

  private func tell(_ what: String, _ body: () throws -> Void) {
    do {
      try body()
    } catch {
      parts.logger.warning(
        "Cannot say how the host stands: others learn it from its lease",
        metadata: ["state": "\(what)", "error": "\(String(reflecting: error))"])
    }
  }
}

extension RunnerPool: TaskPool {}

extension LoadedPlugin {
  /// As the catalog keeps them.
  fileprivate var known: [KnownHandler] {
    description.handlers.map { handler in
      KnownHandler(
        name: handler.name, libraryHash: libraryHash, plugin: manifest.id, pluginVersion: manifest.version, version: handler.version,
        description: handler.json)
    }
  }
}
