import Runners
import Storage
import Workflow

extension StorageService {
  func makeContainer(_ call: StorageCall) throws {
    var reader = call.call.reader
    let container = try reader.requiredText("container")
    try WriteOptions.checkNone(json: try reader.text(), subject: container)
    try call.store(container, .target).makeContainer()
    call.call.reply()
  }

  func list(_ call: StorageCall) throws {
    var reader = call.call.reader
    let container = try reader.text()
    let prefix = try reader.text()
    let options = try reader.text()
    let query = try ListQuery(prefix: prefix, json: options, page: try reader.text(), subject: container ?? "scratch")
    call.reply(json: try call.store(container, .source).list(query, cancel: call.cancel).json)
  }

  func stat(_ call: StorageCall) throws {
    var reader = call.call.reader
    let container = try reader.text()
    let key = try reader.requiredText("key")
    let head = try call.store(container, .source).stat(try ObjectKey(key))
    call.reply(json: call.json(head, container: container, key: key))
  }

  func read(_ call: StorageCall) throws {
    var reader = call.call.reader
    let store = try call.store(try reader.text(), .source)
    let key = try ObjectKey(try reader.requiredText("key"))
    var fields = FrameWriter()
    fields.bytes(try store.read(key, limit: Self.mostBytes, cancel: call.cancel).bytes)
    call.call.reply(fields: fields)
  }

  func write(_ call: StorageCall) throws {
    var reader = call.call.reader
    let container = try reader.text()
    let key = try reader.requiredText("key")
    let data = Array(try reader.bytes() ?? [])
    let options = try WriteOptions(json: try reader.text(), subject: "\(container ?? "scratch")/\(key)")
    let result = try call.store(container, .target).write(try ObjectKey(key), data, options: options, cancel: call.cancel)
    call.reply(json: call.json(result.head, container: container, key: key))
  }

  func remove(_ call: StorageCall) throws {
    var reader = call.call.reader
    let store = try call.store(try reader.text(), .target)
    try store.remove(try ObjectKey(try reader.requiredText("key")))
    call.call.reply()
  }

  func openFile(_ call: StorageCall) throws {
    var reader = call.call.reader
    let store = try call.store(try reader.text(), .source)
    let descriptor = try store.openDescriptor(try ObjectKey(try reader.requiredText("key")))
    call.call.reply(descriptor: descriptor)
  }
}
