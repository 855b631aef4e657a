public import HandlerABI
import HandlerKit

private let plugin = Plugin(
  id: "ingest", version: "1.0.0",
  handlers: [
    Inventory(), Copy(), RegisterCollection(), RegisterItems(), Finalize(), ListItems(), ListObjects(), RemoveItems(), RemoveObjects(),
    Withdraw(),
  ])

@c @implementation
public func weir_plugin_v1(_ hostMinor: UInt32) -> UnsafePointer<weir_plugin>? { plugin.entry }
