public import HandlerABI

/// The declaration of a plugin, and what its one exported function gives to the host.
///
/// Each plugin has a file like this one, and nothing else of it knows C:
///
///     public import HandlerABI
///     import HandlerKit
///
///     private let plugin = Plugin(id: "example", version: "1.0.0", handlers: [Mean()])
///
///     @c @implementation
///     public func weir_plugin_v1(_ hostMinor: UInt32) -> UnsafePointer<weir_plugin>? { plugin.entry }
public final class Plugin: Sendable {
  public let id: String

  /// For `weir_plugin_v1`: always the same pointer.
  // Written once before the class is shared, then only read, and never freed.
  nonisolated(unsafe) public let entry: UnsafePointer<weir_plugin>

  public init(id: String, version: String, license: String? = nil, url: String? = nil, handlers: [any Handler]) {
    self.id = id
    let list = UnsafeMutablePointer<UnsafePointer<weir_handler>?>.allocate(capacity: handlers.count + 1)
    for (index, handler) in handlers.enumerated() {
      TaskEntry.register(handler)
      list[index] = PluginTables.handler(handler)
    }
    list[handlers.count] = nil
    let plugin = UnsafeMutablePointer<weir_plugin>.allocate(capacity: 1)
    plugin.initialize(to: weir_plugin())
    plugin.pointee.struct_size = UInt32(MemoryLayout<weir_plugin>.size)
    plugin.pointee.magic = WEIR_MAGIC
    plugin.pointee.minor = WEIR_MINOR
    plugin.pointee.needs_minor = 0
    plugin.pointee.id = PluginTables.text(id)
    plugin.pointee.version = PluginTables.text(version)
    plugin.pointee.license = PluginTables.text(license)
    plugin.pointee.url = PluginTables.text(url)
    plugin.pointee.handlers = UnsafePointer(list)
    plugin.pointee.open = { host in TaskEntry.open(host) }
    entry = UnsafePointer(plugin)
  }
}
