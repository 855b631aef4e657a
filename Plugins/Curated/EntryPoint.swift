public import HandlerABI
import HandlerKit

private let plugin = Plugin(
  id: "curated", version: "1.0.0", handlers: [CheckSource(), FetchData(), EtlProcess(), Finalize()])

@c @implementation
public func weir_plugin_v1(_ hostMinor: UInt32) -> UnsafePointer<weir_plugin>? { plugin.entry }
