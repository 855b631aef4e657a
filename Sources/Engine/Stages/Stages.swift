import Database
import Synchronization
import Workflow

/// The stages of jobs: what they are, how they open and close, and what follows.
public final class Stages: Sendable {
  let database: Database
  private let definitions = Mutex<[WorkflowKey: WorkflowDefinition]>([:])

  init(database: Database) {
    self.database = database
  }

  struct WorkflowKey: Hashable {
    var name: String
    var version: Int
  }

  /// A workflow as the catalog keeps it; versions never change, so they are read once.
  func definition(_ key: WorkflowKey, in tx: Transaction) throws -> WorkflowDefinition {
    if let known = definitions.withLock({ $0[key] }) { return known }
    let rows = try tx.query(
      "SELECT definition FROM workflows WHERE name = \(key.name) AND version = \(key.version)")
    guard let row = rows.first else { throw EngineError(.noWorkflow(known: []), subject: "\(key.name) version \(key.version)") }
    let loaded = WorkflowDefinition.load(bytes: Array(try row.string(0).utf8), file: "\(key.name) version \(key.version)")
    guard let definition = loaded.value else {
      throw EngineError(.invalidWorkflow(loaded.problems), subject: "\(key.name) version \(key.version)")
    }
    definitions.withLock { cache in
      if cache.count > 256 { cache.removeAll() }
      cache[key] = definition
    }
    return definition
  }
}
