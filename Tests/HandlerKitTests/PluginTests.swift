import HandlerABI
import HandlerKit
import HandlerStub
import Testing

@Suite struct `A plugin's tables` {
  @Test func `describe the plugin and its handlers`() throws {
    let plugin = ProbeWork.plugin.entry.pointee
    #expect(plugin.magic == WEIR_MAGIC)
    #expect(plugin.struct_size == UInt32(MemoryLayout<weir_plugin>.size))
    #expect(String(cString: plugin.id) == "kit")
    #expect(plugin.url == nil)
    let handlers = StubHost.handlers(of: ProbeWork.plugin.entry).map(\.pointee)
    #expect(handlers.map { String(cString: $0.name) } == ["kit.probe", "kit.quiet"])
    #expect(handlers.map(\.flags) == [UInt32(WEIR_IDEMPOTENT), 0])
    #expect(handlers.map(\.timeout_ms) == [90_000, 0])
    #expect(String(cString: try #require(handlers[0].title)) == "A probe")
    #expect(handlers[1].title == nil)
    #expect(handlers[0].item_schema == nil)
    #expect(String(cString: try #require(handlers[0].services?[0])) == "weir.storage/1")
    #expect(handlers[0].services?[1] == nil)
    #expect(handlers[1].optional?[0] == nil)
  }

  @Test func `carry schemas that are JSON`() throws {
    #expect(
      Probe.params.text
        == #"{"type":"object","required":["n"],"properties":{"n":{"type":"integer"},"list":{"type":"array","items":{"type":"object","required":["x"],"properties":{"x":{"type":"number"}},"additionalProperties":false}}},"additionalProperties":false}"#
    )
    let schema = Schema.object(
      required: ["a": .string("A \"name\".", default: "x", among: ["x", "y"])],
      optional: ["b": Schema.integer(default: 1, minimum: 0, maximum: 9).orNull, "c": .boolean(default: true)], open: true, "All.")
    #expect(try JSONText(validating: schema.text)["properties"]?["b"]?["anyOf"]?.elements.count == 2)
    #expect(try JSONText(validating: schema.text)["additionalProperties"] == nil)
  }
}
