public import HandlerABI
import HandlerKit

private let plugin = Plugin(
  id: "org.weir.scripted", version: "1.0.0", handlers: [RunStatements(), LeaveSession(), SendRequests(), Download()])

@c @implementation
public func weir_plugin_v1(_ hostMinor: UInt32) -> UnsafePointer<weir_plugin>? { plugin.entry }
