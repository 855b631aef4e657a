/// How a runner's process ended.
enum ProcessEnd: Sendable, Equatable {
  case signal(Int32)
  case exit(Int32)
  /// Reaped by somebody else.
  case unknown

  var text: String {
    switch self {
    case .signal(let signal): "crashed: \(signalName(signal))"
    case .exit(let code): "exited with code \(code)"
    case .unknown: "ended"
    }
  }
}
