/// What a handler asks of the host: the flags of a CALL frame. Payloads and answers stand in `frames.h`.
public enum ServiceCode: UInt16, Sendable, CaseIterable {
  case checkpointLoad = 1
  case checkpointSave = 2
  case makeContainer = 16
  case list, stat, read, readMany, write, remove, copy, openFile, openRead, openWrite, pull, push, close
  case putCollection = 48
  case prepare, putItems, removeItems, finish, check, published, withdraw
  case begin = 64
  case exec, copyIn, copyData, copyEnd, end
  case request = 80
  case toObject

  /// The service that a handler must have been granted to make this call.
  public var service: String { "weir.\(name.prefix { $0 != "." })/1" }

  /// As `last_error` names it: "storage.read_many".
  public var name: String {
    switch self {
    case .checkpointLoad: "checkpoint.load"
    case .checkpointSave: "checkpoint.save"
    case .makeContainer: "storage.make_container"
    case .list: "storage.list"
    case .stat: "storage.stat"
    case .read: "storage.read"
    case .readMany: "storage.read_many"
    case .write: "storage.write"
    case .remove: "storage.remove"
    case .copy: "storage.copy"
    case .openFile: "storage.open_fd"
    case .openRead: "storage.open_read"
    case .openWrite: "storage.open_write"
    case .pull: "storage.pull"
    case .push: "storage.push"
    case .close: "storage.close"
    case .putCollection: "stac.put_collection"
    case .prepare: "stac.prepare"
    case .putItems: "stac.put_items"
    case .removeItems: "stac.remove_items"
    case .finish: "stac.finish"
    case .check: "stac.check"
    case .published: "stac.published"
    case .withdraw: "stac.withdraw"
    case .begin: "sql.begin"
    case .exec: "sql.exec"
    case .copyIn: "sql.copy_in"
    case .copyData: "sql.copy_data"
    case .copyEnd: "sql.copy_end"
    case .end: "sql.end"
    case .request: "http.request"
    case .toObject: "http.to_object"
    }
  }
}
