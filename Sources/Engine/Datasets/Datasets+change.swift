import Database
public import Workflow

extension Datasets {
  /// Which state of a dataset a change is meant for.
  public enum Precondition: Sendable, Hashable {
    case any
    /// One of these.
    case revisions(Set<Int>)
  }

  /// Registers a dataset; its table is made by its first update.
  /// - Throws: `.datasetExists`, `.targetTaken`.
  public func create(_ definition: DatasetDefinition, by actor: Actor) throws -> Dataset {
    try database.retryingTransaction { tx in
      try checkTarget(of: definition, in: tx)
      guard try put(definition, origin: "operator", ifThere: "d.removed_at IS NOT NULL", in: tx) else {
        throw EngineError(.datasetExists, subject: definition.id)
      }
      try DatasetSchedule.set(definition, by: actor, in: tx)
      try Audit.record(actor, "dataset.create", subject: "dataset/\(definition.id)", details: definition.json, in: tx)
      return try find(definition.id, in: tx)
    }
  }

  /// Replaces what is said of a dataset. Where its table lies stays as it is once the dataset has a version.
  /// - Throws: `.noDataset`, `.datasetChanged`, `.datasetHasTable`, `.targetTaken`.
  public func replace(_ definition: DatasetDefinition, _ precondition: Precondition, by actor: Actor) throws -> Dataset {
    try database.retryingTransaction { tx in
      let old = try expect(definition.id, precondition, in: tx)
      try checkThatItStays(old, definition, in: tx)
      if old.definition != definition || old.origin != "operator" {
        _ = try put(definition, origin: "operator", ifThere: "true", in: tx)
        try DatasetSchedule.set(definition, by: actor, in: tx)
        try Audit.record(actor, "dataset.replace", subject: "dataset/\(definition.id)", details: definition.json, in: tx)
      }
      return try find(definition.id, in: tx)
    }
  }

  /// Turns the schedule of a dataset on or off; a manifest goes on to say the rest.
  /// - Throws: `.noDataset`, `.datasetChanged`.
  public func setEnabled(_ id: String, _ isEnabled: Bool, _ precondition: Precondition = .any, by actor: Actor) throws -> Dataset {
    try database.retryingTransaction { tx in
      let old = try expect(id, precondition, in: tx)
      guard old.definition.isEnabled != isEnabled else { return old }
      try tx.execute(
        "UPDATE curated_datasets SET enabled = \(isEnabled), revision = revision + 1, updated_at = now() WHERE dataset_id = \(id)")
      try Audit.record(actor, isEnabled ? "dataset.enable" : "dataset.disable", subject: "dataset/\(id)", in: tx)
      let dataset = try find(id, in: tx)
      try DatasetSchedule.set(dataset.definition, by: actor, in: tx)
      return dataset
    }
  }

  /// Takes a dataset out of the registry. Its table and the versions stay, and so does its log.
  /// - Throws: `.noDataset`, `.datasetChanged`, `.datasetIsUpdating`.
  public func remove(_ id: String, _ precondition: Precondition = .any, by actor: Actor) throws -> Dataset {
    try database.retryingTransaction { tx in
      let old = try expect(id, precondition, in: tx)
      if let job = old.runningJobID { throw EngineError(.datasetIsUpdating(job: job), subject: id) }
      try tx.execute(
        """
        UPDATE curated_datasets SET removed_at = now(), enabled = false, revision = revision + 1, updated_at = now()
        WHERE dataset_id = \(id)
        """)
      try DatasetSchedule.remove(id, in: tx)
      try Audit.record(actor, "dataset.remove", subject: "dataset/\(id)", details: old.definition.json, in: tx)
      return old
    }
  }

  /// Takes in what the manifests say. What an operator said or removed stays, and so does whether a schedule is on.
  ///
  /// Answers why datasets were left out: their tables are another dataset's, or have versions under another name.
  public func seed(_ definitions: [DatasetDefinition], by actor: Actor) throws -> [String] {
    try definitions.compactMap { definition in
      do {
        try database.retryingTransaction { tx in
          let known = try tx.query("SELECT origin, removed_at IS NOT NULL FROM curated_datasets WHERE dataset_id = \(definition.id)").first
          if let known, try known.string(0) != "manifest" || known.bool(1) { return }
          if known == nil {
            try checkTarget(of: definition, in: tx)
          } else {
            try checkThatItStays(find(definition.id, locking: true, in: tx), definition, in: tx)
          }
          guard try put(definition, origin: "manifest", ifThere: Self.isOtherManifest, in: tx) else { return }
          // whether it is on is the operator's
          try DatasetSchedule.set(find(definition.id, in: tx).definition, by: actor, in: tx)
          try Audit.record(
            actor, known == nil ? "dataset.create" : "dataset.replace", subject: "dataset/\(definition.id)", details: definition.json,
            in: tx)
        }
        return nil
      } catch let error as EngineError {
        return "\(error.message). \(error.hint ?? "")"
      }
    }
  }

  func expect(_ id: String, _ precondition: Precondition, in tx: Transaction) throws -> Dataset {
    let dataset = try find(id, locking: true, in: tx)
    if case .revisions(let revisions) = precondition, !revisions.contains(dataset.revision) {
      throw EngineError(.datasetChanged(revision: dataset.revision), subject: id)
    }
    return dataset
  }

  /// A manifest that says what it said before changes nothing; `enabled` is an operator's once the dataset is there.
  private static let isOtherManifest: SQL = """
    d.origin = 'manifest' AND d.removed_at IS NULL
    AND (d.name, d.description, d.source_type, d.source_url, d.source_config, d.job_type, d.update_strategy, d.update_schedule,
         d.update_zone, d.credential_key, d.target_schema, d.target_table_name, d.license, d.attribution, d.keep_versions)
        IS DISTINCT FROM (excluded.name, excluded.description, excluded.source_type, excluded.source_url, excluded.source_config,
         excluded.job_type, excluded.update_strategy, excluded.update_schedule, excluded.update_zone, excluded.credential_key,
         excluded.target_schema, excluded.target_table_name, excluded.license, excluded.attribution, excluded.keep_versions)
    """

  /// A table that has versions, or is about to have one, is no other's and in no other place.
  private func checkThatItStays(_ old: Dataset, _ definition: DatasetDefinition, in tx: Transaction) throws {
    let target = (old.definition.targetSchema, old.definition.targetTable)
    guard target != (definition.targetSchema, definition.targetTable) else { return }
    if old.currentVersion != nil || old.runningJobID != nil {
      throw EngineError(.datasetHasTable("\(target.0).\(target.1)"), subject: definition.id)
    }
    try checkTarget(of: definition, in: tx)
  }

  private func checkTarget(of definition: DatasetDefinition, in tx: Transaction) throws {
    let target = "\(definition.targetSchema).\(definition.targetTable)"
    // two datasets that come at once with one table find each other
    try tx.execute("SELECT pg_advisory_xact_lock(hashtext('weir.dataset'), hashtext(\(target)))")
    let owner = try tx.query(
      """
      SELECT dataset_id FROM curated_datasets WHERE removed_at IS NULL AND dataset_id <> \(definition.id)
        AND target_schema = \(definition.targetSchema) AND target_table_name = \(definition.targetTable)
      """
    ).first?.string(0)
    if let owner { throw EngineError(.targetTaken(table: target, owner: owner), subject: definition.id) }
  }

  /// False: it is there, and `ifThere` does not hold.
  private func put(_ said: DatasetDefinition, origin: String, ifThere: SQL, in tx: Transaction) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO curated_datasets AS d (dataset_id, name, description, source_type, source_url, source_config, job_type, update_strategy,
          update_schedule, update_zone, credential_key, target_schema, target_table_name, license, attribution, keep_versions, enabled, origin)
      VALUES (\(said.id), \(said.name), \(said.description), \(said.sourceType.rawValue), \(said.sourceURL),
          \(said.source.json.serialized())::jsonb, \(said.jobType), \(said.updateStrategy.rawValue), \(said.updateSchedule),
          \(said.updateZone), \(said.credentialKey), \(said.targetSchema), \(said.targetTable), \(said.license), \(said.attribution), \(said.keepVersions),
          \(said.isEnabled), \(origin))
      ON CONFLICT (dataset_id) DO UPDATE SET
          name = excluded.name, description = excluded.description, source_type = excluded.source_type, source_url = excluded.source_url,
          source_config = excluded.source_config, job_type = excluded.job_type, update_strategy = excluded.update_strategy,
          update_schedule = excluded.update_schedule, update_zone = excluded.update_zone, credential_key = excluded.credential_key, target_schema = excluded.target_schema,
          target_table_name = excluded.target_table_name, license = excluded.license, attribution = excluded.attribution,
          keep_versions = excluded.keep_versions, origin = excluded.origin,
          enabled = CASE WHEN excluded.origin = 'operator' THEN excluded.enabled ELSE d.enabled END,
          revision = d.revision + 1, updated_at = now(), removed_at = NULL
      WHERE \(raw: ifThere)
      """) > 0
  }
}
