internal import HandlerLoader
internal import Workflow

extension [UInt8] {
  /// The first frame to a runner: what it loads, and what it must not do.
  mutating func appendHello(_ build: RunnerBuild, configuration: RunnerConfiguration, scratch: String) {
    var sandbox = 0
    if configuration.isSandboxed && configuration.isolation == .process {
      sandbox = WEIR_SANDBOX_FILES | WEIR_SANDBOX_CALLS | (build.mayConnect ? 0 : WEIR_SANDBOX_TCP)
    }
    appendFrame(.hello) { payload in
      payload.appendField(ReachableLibrary.path(of: build.library, configuration: configuration).utf8)
      payload.appendField(build.configuration.bytes)
      payload.appendField(configuration.hostVersion.utf8)
      payload.appendLittleEndian(UInt64(WEIR_PROTOCOL))
      payload.appendField(scratch.utf8)
      payload.appendField(build.readable.joined(separator: "\n").utf8)
      payload.appendLittleEndian(UInt64(Swift.max(0, build.addressSpaceMB)))
      payload.appendLittleEndian(UInt64(sandbox))
    }
  }
}
