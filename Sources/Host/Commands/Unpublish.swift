import ArgumentParser
import Workflow

struct Unpublish: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what an ingest wrote of a collection, and with --yes take it back.",
    discussion: """
      Removes the items that Weir registered, the objects that it copied, the collection and its entry in the source catalogue. What \
      others registered or wrote, what was changed since, and what another collection needs stays, and is listed with the \
      reason. Without --yes nothing is removed. It is a job like any other: it goes on after a restart, and a repeat is harmless.
      """)

  @Argument(help: "The collection's id.") var collection: String
  @Flag(help: "Remove it; without this it is only listed.") var yes = false
  @Option(help: "Show so many items and objects of each kind.") var show = 10
  @Flag(help: "Print the job as JSON.") var json = false
  @OptionGroup var host: HostOptions

  func run() async throws {
    let client = host.client
    let submitted = try client.post(
      "/api/collections/\(HostClient.encoded(collection))/unpublish", [("dry_run", yes ? "false" : "true")])
    guard let id = submitted["job_id"]?.stringValue else { throw Failure("the host's answer has no job_id") }
    let job = try JobWatch(client: client, job: id, isQuiet: json || !yes).wait()
    if json {
      Terminal.print(job.serialized())
    } else if !yes {
      if job["state"]?.stringValue == JobState.completed.rawValue {
        for line in try listing(job, id, client) { Terminal.print(line) }
      } else {
        throw Failure(
          job["error"]?.stringValue ?? "job \(id) ended as \(job["state"]?.stringValue ?? "")", hint: "`weir job \(id)` says more.")
      }
    }
    throw ExitCode(job.exitStatus)
  }

  private static let fates = ["removed": "to be removed", "staying": "stays, it is not Weir's alone"]

  private func listing(_ job: JSON, _ id: String, _ client: HostClient) throws -> [String] {
    func result(_ stage: String) -> JSON {
      (job["stages"]?.arrayValue ?? []).first { $0["id"]?.stringValue == stage }?["result"] ?? .null
    }
    let (items, objects) = (result("list_items"), result("list_objects"))
    func count(_ json: JSON, _ name: String) -> String { Quantity.text(json[name]?.intValue ?? 0) }
    let entries = (items["catalog_entries"]?.arrayValue ?? []).compactMap(\.stringValue)
    var lines = [
      "collection \(collection): \(Self.fates[items["collection"]?.stringValue ?? ""] ?? "is not registered")",
      "catalogue entries to be removed: \(entries.isEmpty ? "none" : entries.joined(separator: ", "))",
      "items to be removed: \(count(items, "items")), staying: \(count(items, "items_staying"))",
    ]
    lines += try samples("list_items", staying: items["items_staying"]?.intValue ?? 0, id, client) { "  \($0["id"]?.stringValue ?? "")" }
    lines.append(
      "objects to be removed: \(count(objects, "objects")), \(Quantity.bytes(objects["bytes"]?.intValue ?? 0)), "
        + "staying: \(count(objects, "objects_staying"))")
    lines += try samples("list_objects", staying: objects["objects_staying"]?.intValue ?? 0, id, client) { object in
      "  \(object["container"]?.stringValue ?? "")/\(object["key"]?.stringValue ?? "")  \(Quantity.bytes(object["size"]?.intValue ?? 0))"
    }
    return lines + [
      "All of it: GET \(client.url)/api/jobs/\(id)/stages/list_items/items and .../list_objects/items",
      "Nothing was removed. To do it: weir unpublish \(collection) --yes",
    ]
  }

  /// The first of what goes and of what stays, the latter with its reason. Looks through the whole list for the latter.
  private func samples(
    _ stage: String, staying wanted: Int, _ id: String, _ client: HostClient, _ line: (JSON) -> String
  ) throws -> [String] {
    var (going, staying): ([String], [String]) = ([], [])
    var after: String?
    repeat {
      let page = try client.get("/api/jobs/\(id)/stages/\(stage)/items", [("after", after), ("limit", "500")])
      for element in page["items"]?.arrayValue ?? [] {
        if let reason = element["stays"]?.stringValue {
          if staying.count < show { staying.append("\(line(element))  stays: \(reason)") }
        } else if going.count < show {
          going.append(line(element))
        }
      }
      after = page["next"]?.stringValue
    } while after != nil && (going.count < show || staying.count < min(show, wanted))
    return going + staying
  }
}
