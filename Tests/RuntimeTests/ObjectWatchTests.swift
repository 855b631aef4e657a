import Database
import Engine
import Glibc
import Runtime
import TestSupport
import Testing
import Workflow

@Suite struct `New objects` {
  @Test func `start a workflow on the host that leads, each once, whoever leads next`() async throws {
    let house = try House()
    try await onOwnThread {
      let plugins = [try house.plugin("Noop", House.noop)]
      let text =
        #"{"name": "w", "parameters": {"type": "object"}, "stages": [{"id": "a", "handler": "noop.echo", "params": {"key": "${params.key}"}}]}"#
      try house.engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "w.json").get(), text: text)
      func write(_ name: String) {
        mkdir("\(house.folder.path)/bronze/in", 0o755)
        guard let file = fopen("\(house.folder.path)/bronze/in/\(name)", "w") else { return }
        fputs(name, file)
        fclose(file)
      }
      write("old.tif")
      let host = try house.host(plugins)
      let settings: JSON = [
        "workflow": "w", "params": ["key": "${event.key}"],
        "on": ["objects": ["container": "bronze", "prefix": "in/", "suffix": ".tif", "every": "1s"]],
      ]
      _ = try house.engine.triggers.put("arrivals", TriggerSettings(settings), by: .system)
      write("one.tif")
      write("one.txt")
      try until { try house.number("SELECT count(*) FROM jobs WHERE state = 'completed'") == 1 }
      host.stop()
      write("two.tif")
      let next = try house.host(plugins)
      try until { try house.number("SELECT count(*) FROM jobs WHERE state = 'completed'") == 2 }
      next.stop()
      let subjects = try house.engine.triggers.events("arrivals").elements.map(\.subject)
      #expect(subjects == ["bronze/in/two.tif", "bronze/in/one.tif"])
      #expect(try house.number("SELECT count(*) FROM jobs") == 2)
    }
  }
}
