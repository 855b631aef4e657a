import Hummingbird
import NIOCore

/// What is known of a request beside its bytes: where it came from.
struct Visit: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The address of the other side, which may be a proxy's.
  let address: String

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    address = source.channel.remoteAddress?.ipAddress ?? "unknown"
  }
}
