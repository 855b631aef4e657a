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

  @Test func `are those that were not there, whatever their time, and those that changed; a host that starts anew knows them`() async throws
  {
    let house = try House()
    try await onOwnThread {
      let plugins = [try house.plugin("Noop", House.noop)]
      let text =
        #"{"name": "w", "parameters": {"type": "object"}, "stages": [{"id": "a", "handler": "noop.echo", "params": {"key": "${params.key}"}}]}"#
      try house.engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "w.json").get(), text: text)
      let folder = "\(house.folder.path)/bronze/in"
      mkdir("\(house.folder.path)/bronze", 0o755)
      mkdir(folder, 0o755)
      /// Moves a file into place whose last change is of 2001.
      func moveIn(_ name: String, _ content: String) {
        TemporaryFolder.write(content, to: "\(house.folder.path)/\(name)")
        let times = [timespec(tv_sec: 1_000_000_000, tv_nsec: 0), timespec(tv_sec: 1_000_000_000, tv_nsec: 0)]
        utimensat(AT_FDCWD, "\(house.folder.path)/\(name)", times, 0)
        rename("\(house.folder.path)/\(name)", "\(folder)/\(name)")
      }
      func jobs(_ count: Int) throws { try until { try house.number("SELECT count(*) FROM jobs WHERE state = 'completed'") >= count } }
      /// Waits for a whole look that began after now.
      func looked() throws {
        for _ in 0..<2 {
          _ = try house.own.database.withConnection { try $0.execute("UPDATE triggers SET looked_at = NULL, next_at = now()") }
          try until { try house.number("SELECT count(*) FROM triggers WHERE looked_at IS NOT NULL") == 1 }
        }
      }
      moveIn("old.tif", "old")
      let settings: JSON = [
        "workflow": "w", "params": ["key": "${event.key}"], "on": ["objects": ["container": "bronze", "prefix": "in/", "every": "1s"]],
      ]
      let host = try house.host(plugins)
      _ = try house.engine.triggers.put("arrivals", TriggerSettings(settings), by: .system)
      try looked()
      moveIn("moved.tif", "moved")
      try jobs(1)
      moveIn("old.tif", "old, but another")
      try jobs(2)
      try looked()
      host.stop()
      let next = try house.host(plugins)
      try looked()
      next.stop()
      #expect(try house.engine.triggers.events("arrivals").elements.map(\.subject) == ["bronze/in/old.tif", "bronze/in/moved.tif"])
      #expect(try house.number("SELECT count(*) FROM jobs") == 2)
    }
  }
}
