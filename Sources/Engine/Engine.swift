public import Database

/// Every rule that needs the tables. Its calls block: make them on a thread that may.
public final class Engine: Sendable {
  public let database: Database
  public let catalog: Catalog
  public let jobs: Jobs
  public let control: Control
  public let stages: Stages
  public let queue: Queue
  public let limits: Limits
  public let leader: Leader
  public let retention: Retention
  public let quarantines: Quarantines
  public let hosts: Hosts
  public let rescuer: LeaseRescuer
  public let spool: ItemSpool
  public let items: ItemReader
  public let journal: Journal
  public let checkpoints: Checkpoints
  public let views: Views
  public let metrics: Metrics
  public let audit: Audit
  public let provenance: Provenance
  public let tokens: Tokens
  public let sessions: Sessions
  public let schedules: Schedules
  public let datasets: Datasets
  public let alerts: Alerts
  public let triggers: Triggers
  public let traces: Traces
  public let styles: Styles
  public let tiles: Tiles

  /// - Parameters:
  ///   - database: with `Engine.settings`, and migrated by `Engine.migrator`.
  ///   - lease: how long a host keeps its tasks without renewing.
  ///   - curated: the database for handlers in which curated tables lie; nil: there is none.
  ///   - tilePatience: how long one tile of a map may take to draw.
  ///   - quarantineAfter: tasks whose runners a build may end within an hour before it is quarantined; 0: any number.
  public init(
    database: Database, lease: Duration = .seconds(30), quarantineAfter: Int = 20, curated: GuestConfiguration? = nil,
    tilePatience: Duration = .seconds(15)
  ) {
    self.database = database
    catalog = Catalog(database: database)
    stages = Stages(database: database)
    jobs = Jobs(database: database, stages: stages)
    control = Control(database: database, stages: stages)
    queue = Queue(database: database, stages: stages, quarantineAfter: quarantineAfter)
    limits = Limits(database: database)
    leader = Leader(database: database, lease: lease / 2)
    retention = Retention(database: database, catalog: catalog, leader: leader)
    quarantines = Quarantines(database: database)
    hosts = Hosts(database: database, lease: lease)
    rescuer = LeaseRescuer(database: database, queue: queue)
    spool = ItemSpool(database: database)
    items = ItemReader(database: database)
    journal = Journal(database: database)
    checkpoints = Checkpoints(database: database)
    views = Views(database: database, items: items, definitions: stages)
    metrics = Metrics(database: database, views: views)
    alerts = Alerts(database: database, metrics: metrics, leader: leader)
    audit = Audit(database: database)
    provenance = Provenance(database: database, jobs: jobs)
    tokens = Tokens(database: database)
    sessions = Sessions(database: database)
    datasets = Datasets(database: database, jobs: jobs, tables: curated)
    schedules = Schedules(database: database, jobs: jobs, control: control, datasets: datasets)
    traces = Traces(database: database)
    triggers = Triggers(database: database, jobs: jobs)
    styles = Styles(database: database, datasets: datasets)
    tiles = Tiles(datasets: datasets, tables: curated, patience: tilePatience)
  }

  /// What every session needs: Weir's tables are found by name, and the statements of the queue keep one plan.
  ///
  /// A plan is made when the queue may be empty and used when it holds thousands of tasks, so it must take the index
  /// whatever the tables looked like: with a sequential scan, claims cost 25 times as much at 20,000 queued tasks.
  public static let settings: [DatabaseConfiguration.Setting] = [
    .init("search_path", "app,public"), .init("plan_cache_mode", "force_generic_plan"),
    .init("enable_seqscan", "off"), .init("enable_bitmapscan", "off"),
    // a host that is frozen, or cut off, in the middle of a transaction must not keep its locks from those that go on
    .init("idle_in_transaction_session_timeout", "20s"),
  ]
}
