internal import HandlerABI

/// Builds the C tables that describe a plugin. They live as long as the process, as the ABI asks.
enum PluginTables {
  static func handler<H: Handler>(_: H) -> UnsafePointer<weir_handler> {
    let table = UnsafeMutablePointer<weir_handler>.allocate(capacity: 1)
    table.initialize(to: weir_handler())
    table.pointee.struct_size = UInt32(MemoryLayout<weir_handler>.size)
    table.pointee.flags = H.isIdempotent ? UInt32(WEIR_IDEMPOTENT) : 0
    table.pointee.name = text(H.name)
    table.pointee.version = text(H.version)
    table.pointee.title = text(H.title)
    table.pointee.description = text(H.description)
    table.pointee.params_schema = text(H.params.text)
    table.pointee.result_schema = text(H.result?.text)
    table.pointee.item_schema = text(H.items?.text)
    table.pointee.services = list(H.services)
    table.pointee.optional = list(H.optional)
    table.pointee.timeout_ms = UInt32(clamping: (H.timeout ?? .zero).milliseconds)
    table.pointee.memory_mb = UInt32(clamping: H.memoryMB ?? 0)
    table.pointee.run = { task in TaskEntry.call(task, .run) }
    table.pointee.check = { task in TaskEntry.call(task, .check) }
    return UnsafePointer(table)
  }

  static func text(_ string: String?) -> UnsafePointer<CChar>? {
    guard let string else { return nil }
    let units = string.utf8CString
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: units.count)
    _ = copy.initialize(from: units)
    return UnsafePointer(copy.baseAddress)
  }

  private static func list(_ services: [Service]) -> UnsafePointer<UnsafePointer<CChar>?>? {
    let ids = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: services.count + 1)
    for (index, service) in services.enumerated() { ids[index] = text(service.id) }
    ids[services.count] = nil
    return UnsafePointer(ids)
  }
}
