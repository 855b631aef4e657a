import Glibc
import HandlerABI
import HandlerKit
import HandlerStub
import Testing

@Suite struct `The example in Swift` {
  private typealias Entry = @convention(c) (UInt32) -> UnsafePointer<weir_plugin>?

  /// As a runner loads it. Plugins stand beside the test program.
  private func library() throws -> UnsafeMutableRawPointer {
    var path = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &path, path.count)
    let program = String(decoding: path.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folder = program.split(separator: "/").dropLast().joined(separator: "/")
    let found = dlopen("/\(folder)/libExampleSwift.so", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)
    return try #require(found, "/\(folder)/libExampleSwift.so could not be loaded: \(dlerror().map { String(cString: $0) } ?? "")")
  }

  @Test func `gives mean and range, an item above the threshold, and a reject for what is no number`() throws {
    let entry = unsafeBitCast(try #require(dlsym(library(), "weir_plugin_v1")), to: Entry.self)
    let plugin = try #require(entry(WEIR_MINOR))
    #expect(entry(WEIR_MINOR) == plugin)
    let host = ProbeWork.host(granted: [WEIR_LOG, WEIR_PROGRESS])
    #expect(host.call(plugin, "numbers.summarize", #"{"numbers":["1","2.5","x","4"],"above":2}"#))
    #expect(host.result?.text == #"{"count":3,"greatest":4,"least":1,"mean":2.5}"#)
    #expect(host.items.map(\.text) == [#"{"index":1,"value":2.5}"#, #"{"index":3,"value":4}"#])
    #expect(host.rejects == [StubReject("numbers/2", WEIR_FAILED, "\"x\" is not a finite number.")])
    #expect(host.lines == [#"1 Summarized numbers {"count":3}"#])
    #expect(!host.call(plugin, "numbers.summarize", #"{"numbers":["x"]}"#))
    #expect(host.failure == StubFailure(WEIR_INVALID, "None of the numbers is finite.", details: #"{"pointer":"/numbers"}"#))
  }

  @Test func `shows nothing of itself but its entry`() throws {
    let library = try library()
    #expect(dlsym(library, "weir_plugin_v1") != nil)
    for hidden in ["$s12ExampleSwift16SummarizeNumbersVMa", "$s10HandlerKit4TaskCMa"] {
      let address = dlsym(library, hidden)
      #expect(address == nil, "\(hidden)")
    }
  }
}
