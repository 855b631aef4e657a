import Engine
import Runners
import Storage
import Workflow

/// One call of `weir.storage/1`, with what the handler may reach.
struct StorageCall {
  let call: ServiceCall
  let grants: Grants.Storage
  let containers: Containers
  /// Nil for a call without a job.
  let origin: Origin?

  init(_ call: ServiceCall, grants: Grants.Storage, containers: Containers, origin: Origin?) {
    self.call = call
    self.grants = grants
    self.containers = containers
    self.origin = origin
  }

  var cancel: Cancellation { Cancellation { [call] in call.isCancelled } }

  /// The store of a container; nil is the task's scratch.
  /// - Throws: `.denied` for what the operator did not grant.
  func store(_ name: String?, _ side: Transfer.Side) throws(StorageError) -> any ObjectStore {
    guard let name else { return try DirectoryStore.scratch(call.scratch) }
    let container = try ContainerName(name)
    let isGranted = side == .source ? grants.allowsReading(name) : grants.allowsWriting(name)
    guard isGranted else {
      let verb = side == .source ? "read" : "write"
      throw StorageError(
        .denied, name, cause: "the plugin's manifest does not grant weir.storage/1 to \(verb) it")
    }
    return try containers.store(container)
  }

  /// An object's head as handlers get it: with its URL where it is in a container.
  func json(_ head: ObjectHead, container: String?, key: String) -> JSON {
    guard case .object(var members) = head.json else { return head.json }
    if let container, let url = containers.url(container: container, key: key) { members.append("url", .string(url)) }
    return .object(members)
  }

  func reply(json: JSON) {
    var fields = FrameWriter()
    fields.bytes(json.serialized().utf8)
    call.reply(fields: fields)
  }
}
