import Database
public import Workflow

/// Styles by id. The one that has a dataset's id is the dataset's default; until somebody stores it, it follows from what the dataset's
/// geometries are. Its calls block.
public final class Styles: Sendable {
  private let database: Database
  private let datasets: Datasets

  init(database: Database, datasets: Datasets) {
    self.database = database
    self.datasets = datasets
  }

  private static let columns: SQL = "style_id, document, sld, revision, \(raw: Views.time("updated_at"))"

  /// All there are, by id: those that were stored, and those of datasets that have a version.
  /// - Parameter dataset: those that draw it.
  public func list(of dataset: String? = nil) throws -> [Style] {
    var styles = try database.withConnection { connection in
      try connection.query("SELECT \(raw: Self.columns) FROM styles ORDER BY style_id LIMIT 10000").map { try Self.style($0) }
    }
    let stored = Set(styles.map(\.id))
    let current = try database.withConnection { connection in
      try connection.query(
        """
        SELECT \(raw: Dataset.columns) FROM curated_datasets d
        WHERE d.removed_at IS NULL AND d.current_version IS NOT NULL AND (\(dataset)::text IS NULL OR d.dataset_id = \(dataset))
        """
      ).map { try Dataset($0) }
    }
    styles += current.filter { !stored.contains($0.definition.id) }.map(Self.derived)
    if let dataset { styles = styles.filter { $0.document.datasets.contains(dataset) } }
    return styles.sorted { $0.id < $1.id }
  }

  /// - Throws: `.noStyle`.
  public func style(_ id: String) throws -> Style {
    try database.transaction(access: .readOnly) { tx in try find(id, in: tx) }
  }

  /// Makes a style.
  /// - Throws: `.styleExists`, `.invalidStyle` when it draws what is not there.
  public func create(_ id: String, _ document: StyleDocument, by actor: Actor) throws -> Style {
    try database.retryingTransaction { tx in
      try checkDatasets(of: document, id: id, in: tx)
      let made = try tx.execute(
        "INSERT INTO styles (style_id, document) VALUES (\(id), \(document.json.serialized())::json) ON CONFLICT DO NOTHING")
      guard made > 0 else { throw EngineError(.styleExists, subject: id) }
      try Audit.record(actor, "style.create", subject: "style/\(id)", in: tx)
      return try find(id, in: tx)
    }
  }

  /// Replaces a style; an SLD that was stored beside it goes, since it says what the style was.
  /// - Throws: `.noStyle`, `.styleChanged`, `.invalidStyle`.
  public func replace(_ id: String, _ document: StyleDocument, _ precondition: Datasets.Precondition, by actor: Actor) throws -> Style {
    try change(id, precondition, "style.replace", by: actor) { _, tx in
      try checkDatasets(of: document, id: id, in: tx)
      try store(id, document, sld: nil, in: tx)
    }
  }

  /// Stores an SLD beside a style, in place of the one that is made of it.
  /// - Throws: `.noStyle`, `.styleChanged`.
  public func replace(_ id: String, sld: SLDText, _ precondition: Datasets.Precondition, by actor: Actor) throws -> Style {
    try change(id, precondition, "style.replace_sld", by: actor) { old, tx in try store(id, old.document, sld: sld.text, in: tx) }
  }

  /// Removes a style. A dataset whose default it was is drawn as its geometries say again.
  /// - Throws: `.noStyle`, `.styleChanged`, `.styleIsDerived`.
  public func remove(_ id: String, _ precondition: Datasets.Precondition, by actor: Actor) throws {
    try database.retryingTransaction { tx in
      let old = try expect(id, precondition, in: tx)
      guard !old.isDerived else { throw EngineError(.styleIsDerived, subject: id) }
      try tx.execute("DELETE FROM styles WHERE style_id = \(id)")
      try Audit.record(actor, "style.remove", subject: "style/\(id)", in: tx)
    }
  }

  private func change(
    _ id: String, _ precondition: Datasets.Precondition, _ action: String, by actor: Actor,
    _ body: (Style, Transaction) throws -> Void
  ) throws -> Style {
    try database.retryingTransaction { tx in
      try body(try expect(id, precondition, in: tx), tx)
      try Audit.record(actor, action, subject: "style/\(id)", in: tx)
      return try find(id, in: tx)
    }
  }

  private func store(_ id: String, _ document: StyleDocument, sld: String?, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO styles (style_id, document, sld) VALUES (\(id), \(document.json.serialized())::json, \(sld))
      ON CONFLICT (style_id) DO UPDATE SET document = excluded.document, sld = excluded.sld, revision = excluded.revision,
          updated_at = now()
      """)
  }

  private func expect(_ id: String, _ precondition: Datasets.Precondition, in tx: Transaction) throws -> Style {
    // of one that is stored for the first time there is no row that could be locked
    try tx.execute("SELECT pg_advisory_xact_lock(hashtext('weir.style'), hashtext(\(id)))")
    let style = try find(id, in: tx)
    if case .revisions(let revisions) = precondition, !revisions.contains(style.revision) {
      throw EngineError(.styleChanged, subject: id)
    }
    return style
  }

  private func find(_ id: String, in tx: Transaction) throws -> Style {
    if let row = try tx.query("SELECT \(raw: Self.columns) FROM styles WHERE style_id = \(id)").first { return try Self.style(row) }
    do {
      let dataset = try datasets.find(id, in: tx)
      if dataset.currentVersion != nil { return Self.derived(dataset) }
    } catch let error as EngineError {
      guard case .noDataset = error.code else { throw error }
    }
    let known = try tx.query("SELECT style_id FROM styles ORDER BY 1 LIMIT 20").map { try $0.string(0) }
    throw EngineError(.noStyle(known: known), subject: id)
  }

  private func checkDatasets(of document: StyleDocument, id: String, in tx: Transaction) throws {
    let known = try tx.query(
      "SELECT dataset_id FROM curated_datasets WHERE removed_at IS NULL AND dataset_id = ANY(\(document.datasets)::text[])"
    ).map { try $0.string(0) }
    let missing = document.datasets.filter { !known.contains($0) }
    guard missing.isEmpty else {
      throw EngineError(
        .invalidStyle(
          missing.map { Problem(file: "body", path: "sources", message: "There is no dataset \"\($0)\".", hint: nil) }), subject: id)
    }
    let isDataset = try tx.query("SELECT EXISTS (SELECT FROM curated_datasets WHERE dataset_id = \(id))").one().bool(0)
    if isDataset, !document.datasets.contains(id) {
      let problem = Problem(
        file: "body", path: "sources", message: "The style of this id is the default of dataset \"\(id)\", and does not draw it.",
        hint: "Give it a source with the url \"\(StyleDocument.tiles(of: id))\", or another id.")
      throw EngineError(.invalidStyle([problem]), subject: id)
    }
  }

  private static func style(_ row: Row) throws -> Style {
    Style(
      id: try row.string(0), document: StyleDocument(stored: try JSON(parsing: try row.text(1))), storedSLD: try row.stringOrNil(2),
      revision: try row.int(3), updatedAt: try row.stringOrNil(4))
  }

  private static func derived(_ dataset: Dataset) -> Style {
    let said = dataset.definition
    return Style(
      id: said.id, document: StyleDocument(drawing: said.id, name: said.name, geometry: said.source.geometry), storedSLD: nil,
      revision: 0, updatedAt: nil)
  }
}
