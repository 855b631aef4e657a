/// Why a running task is told to stop; the raw value is what `weir.cancel/1` answers.
public enum CancelReason: UInt32, Sendable {
  case user = 1
  case deadline = 2
  case hostStopping = 3
}
