import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `The registry of datasets` {
  let desk: DatasetDesk
  var datasets: Datasets { desk.engine.datasets }

  init() throws { desk = try DatasetDesk() }

  private func message(_ body: () throws -> some Any) -> String? {
    do {
      _ = try body()
      return nil
    } catch let error as EngineError {
      return error.message
    } catch {
      return "\(error)"
    }
  }

  @Test func `keeps what is said, whole`() throws {
    let text = try TextOf.everything
    let said = try DatasetDefinition.load(bytes: Array(text.utf8), file: "a.json").get()
    let made = try datasets.create(said, by: .system)
    #expect(made.definition == said && made.origin == "operator" && made.revision == 1 && made.currentVersion == nil)
    #expect(try datasets.dataset("rivers").definition == said)
    #expect(try datasets.list(enabledOnly: true).elements.isEmpty)
  }

  private enum TextOf {
    static var everything: String {
      get throws {
        """
        {"dataset_id": "rivers", "name": "Rivers", "description": "All rivers.", "source_type": "api_bulk_download",
         "source_url": "https://example.org/{YYYY}/rivers-{MM}.zip",
         "source_config": {"version": {"by": "release"}, "answer": {"url": "/url"}, "max_size": "2GiB", "layers": ["rivers*"],
           "geometry": "multilinestring", "key": ["id"], "required": ["name"], "rows": {"least": 10, "most": 1000, "change": "2.5%"}},
         "job_type": "curated_dataset_update", "update_strategy": "upsert", "update_schedule": "0 2 * * MON-FRI",
         "credential_key": "rivers_key", "target_schema": "geo", "target_table_name": "curated_rivers", "license": "CC-BY-4.0",
         "attribution": "The river people", "keep_versions": 5, "enabled": false}
        """
      }
    }
  }

  @Test func `refuses a second of one id, and a second of one table`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .system)
    #expect(message { try datasets.create(try DatasetDesk.definition(), by: .system) } == "there is a dataset \"rivers\" already")
    let other = try DatasetDesk.definition("streams", table: "curated_rivers")
    #expect(
      message { try datasets.create(other, by: .system) }
        == "dataset \"streams\": its table geo.curated_rivers is that of dataset \"rivers\"")
    #expect(message { try datasets.dataset("lakes") } == "there is no dataset \"lakes\"")
  }

  @Test func `changes only what is as the client saw it`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .system)
    let changed = try datasets.replace(
      try DatasetDesk.definition(more: #""license": "CC0","#), .revisions([1]), by: .system)
    #expect(changed.revision == 2 && changed.definition.license == "CC0")
    #expect(
      message { try datasets.setEnabled("rivers", false, .revisions([1]), by: .system) }
        == "dataset \"rivers\" was changed meanwhile: it is at revision 2")
    // what changes nothing is no revision
    #expect(try datasets.replace(changed.definition, .any, by: .system).revision == 2)
    #expect(try datasets.setEnabled("rivers", false, by: .system).revision == 3)
  }

  @Test func `a manifest seeds, follows its changes, and leaves alone what an operator said`() throws {
    let first = try DatasetDesk.definition()
    #expect(try datasets.seed([first], by: .system) == [])
    #expect(try datasets.dataset("rivers").origin == "manifest")
    _ = try datasets.seed([first], by: .system)
    #expect(try datasets.dataset("rivers").revision == 1, "the same again changes nothing")
    let second = try DatasetDesk.definition(more: #""license": "CC0","#)
    _ = try datasets.setEnabled("rivers", false, by: .system)
    _ = try datasets.seed([second], by: .system)
    let followed = try datasets.dataset("rivers")
    #expect(followed.definition.license == "CC0" && !followed.definition.isEnabled)
    let third = try DatasetDesk.definition(more: #""license": "MIT","#)
    _ = try datasets.replace(third, .any, by: .system)
    _ = try datasets.seed([second], by: .system)
    #expect(try datasets.dataset("rivers").definition.license == "MIT")
  }

  @Test func `a manifest does not bring back what an operator removed, but an operator can`() throws {
    let definition = try DatasetDesk.definition()
    _ = try datasets.seed([definition], by: .system)
    _ = try datasets.remove("rivers", by: .system)
    _ = try datasets.seed([definition], by: .system)
    #expect(message { try datasets.dataset("rivers") } == "there is no dataset \"rivers\"")
    #expect(try datasets.create(definition, by: .system).origin == "operator")
  }

  @Test func `a manifest whose table is another dataset's is left out, and why is said`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .system)
    let left = try datasets.seed([try DatasetDesk.definition("streams", table: "curated_rivers")], by: .system)
    #expect(
      left == [
        "dataset \"streams\": its table geo.curated_rivers is that of dataset \"rivers\". Give it another target_table_name."
      ])
  }

  @Test func `a manifest that moves a table with versions is left out, and why is said`() throws {
    _ = try datasets.seed([try DatasetDesk.definition()], by: .system)
    try desk.version(1, rows: 10)
    try desk.version(2, rows: 20)
    _ = try datasets.rollback("rivers", to: 1, by: .system)
    let left = try datasets.seed([try DatasetDesk.definition(table: "curated_streams")], by: .system)
    #expect(
      left == [
        "dataset \"rivers\" has versions in geo.curated_rivers already: its table cannot be another. Make another dataset for another table."
      ])
    #expect(try datasets.dataset("rivers").definition.targetTable == "curated_rivers")
  }

  @Test func `every change stands in the audit`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .system)
    _ = try datasets.setEnabled("rivers", false, by: .system)
    _ = try datasets.remove("rivers", by: .system)
    let actions = try desk.engine.audit.entries().elements.map(\.action)
    #expect(Array(actions.prefix(3)) == ["dataset.remove", "dataset.disable", "dataset.create"])
  }
}
