import Logging
import Synchronization

/// How long the leader's samples took, as its log tells it.
final class SampleTimes: LogHandler {
  private let times = Mutex<[Double]>([])

  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  var logLevel: Logger.Level {
    get { .info }
    set {}
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  var median: Double { times.withLock { $0.median } }
  var count: Int { times.withLock { $0.count } }

  func log(event: LogEvent) {
    guard let text = event.metadata?["duration.ms"].map({ "\($0)" }), let time = Double(text) else { return }
    times.withLock { $0.append(time) }
  }
}
