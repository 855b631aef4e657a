import Database
import Synchronization
import Workflow

/// Hides the parameters of jobs that their workflow marks as secret.
///
/// What a workflow marks is compiled once: its versions never change.
final class SecretParams: Sendable {
  private struct Version: Hashable {
    var workflow: String
    var number: Int
  }

  private static let mostKept = 256

  /// Nil: the version marks nothing.
  private let schemas = Mutex<[Version: Schema?]>([:])

  /// The parameters as they may be shown.
  func hide(_ params: RawJSON, of workflow: String, version: Int, in tx: Transaction) throws -> RawJSON {
    let version = Version(workflow: workflow, number: version)
    let schema: Schema?
    if let known = schemas.withLock({ $0[version] }) { schema = known } else { schema = try read(version, in: tx) }
    guard let schema else { return params }
    return RawJSON(schema.hidingSecrets(in: params.parsed()))
  }

  private func read(_ version: Version, in tx: Transaction) throws -> Schema? {
    let rows = try tx.query(
      "SELECT definition FROM app.workflows WHERE name = \(version.workflow) AND version = \(version.number)")
    var found: Schema?
    if let row = rows.first {
      let schema = try Schema(RawJSON(unchecked: try row.text(0)[...]).parsed()["parameters"] ?? WorkflowDefinition.noParameters)
      found = schema.hasSecrets ? schema : nil
    }
    schemas.withLock { schemas in
      if schemas.count >= Self.mostKept { schemas.removeAll() }
      schemas[version] = .some(found)
    }
    return found
  }
}
