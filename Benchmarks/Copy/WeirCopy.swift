import Foundation
import Storage
import Workflow

/// A copy as the service `weir.storage/1` makes it: the source is listed, and a batch transferred.
enum WeirCopy {
  static func run(from source: String, to target: String) throws {
    let environment = ProcessInfo.processInfo.environment
    let credentials = Credentials(
      ["bench": CredentialSetting(["key_id": .environment("AWS_ACCESS_KEY_ID"), "secret": .environment("AWS_SECRET_ACCESS_KEY")])],
      environment: environment)
    let containers = try Containers(["source": source, "target": target], credentials: credentials)
    let from = try containers.store(ContainerName("source"))
    let to = try containers.store(ContainerName("target"))
    var elements: [TransferElement] = []
    var query = ListQuery(limit: 1000)
    repeat {
      let page = try from.list(query, cancel: .never)
      elements += page.objects.map {
        TransferElement(fromContainer: "source", fromKey: $0.key.text, fromEtag: $0.head.etag, toContainer: "target", toKey: $0.key.text)
      }
      query.page = page.next
    } while query.page != nil
    let report = Transfer { name, _ throws(StorageError) in name == "source" ? from : to }.copy(elements)
    if let failure = report.failed.first { throw failure.error }
  }
}
