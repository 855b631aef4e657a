internal import Workflow

/// 13: no two handlers are one, and every service that they name is one that there can be.
struct NamesUniqueCheck: Check {
  let number = 13
  let name = "names-unique"
  let level = 2

  private static let known: Set<String> = [
    "weir.log/1", "weir.progress/1", "weir.metric/1", "weir.cancel/1", "weir.checkpoint/1", "weir.storage/1",
    "weir.stac/1", "weir.sql/1", "weir.http/1",
  ]

  func look(at subject: CheckSubject) -> CheckFinding {
    do throws(RunnersError) {
      return look(at: try LibraryDescription.of(subject.build, configuration: subject.configuration))
    } catch {
      return .failed([error.message])
    }
  }

  func look(at description: PluginDescription) -> CheckFinding {
    var failures: [String] = []
    var seen: Set<String> = []
    for handler in description.handlers {
      if !seen.insert("\(handler.name) \(handler.version)").inserted {
        failures.append("There are two handlers \"\(handler.name)\" of version \(handler.version). Give one another name.")
      }
      if handler.family.isEmpty {
        failures.append("handler \"\(handler.name)\": its name is no family and verb, such as \"raster.\(handler.name)\".")
      }
      for service in handler.services + handler.optional where !Self.known.contains(service) && !Self.isForeign(service) {
        let known = Self.known.sorted().joined(separator: ", ")
        failures.append("handler \"\(handler.name)\": there is no service \"\(service)\". There are \(known).")
      }
    }
    return .failed(failures)
  }

  /// Somebody else's service: `org.example.queue/2`.
  private static func isForeign(_ id: String) -> Bool {
    let parts = id.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, Int(parts[1]) != nil else { return false }
    return parts[0].split(separator: ".").count >= 3 && !parts[0].hasPrefix("weir.")
  }
}
