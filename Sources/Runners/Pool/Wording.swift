/// The sentence that says what happened to a task, with everything that a person needs to find it again.
struct Wording {
  let plugin: String
  let call: TaskCall

  /// `WEIR_SERVED_MEMORY` and `WEIR_SERVED_BROKEN`: how weir-runner leaves.
  private static let noMemory: Int32 = 71
  private static let socketFailed: Int32 = 76
  private static let socketBroken = "the runner's socket failed: the plugin closed it, or wrote into it"

  func sentence(_ cause: String) -> String {
    "plugin \"\(plugin)\", handler \"\(call.handler)\", task \(call.taskID): \(cause)"
  }

  func outcome(_ kind: Outcome.Kind, _ cause: String) -> Outcome {
    Outcome(token: call.token, kind: kind, message: sentence(cause))
  }

  /// The handler returned after it was told to stop.
  func stopped(by cause: StopCause) -> Outcome {
    switch cause {
    case .cancelled: outcome(.cancelled, "was cancelled and stopped")
    case .hostStopping: outcome(.lost, "stopped because its host is stopping")
    case .timeout(let limit): outcome(.timedOut, "exceeded its timeout of \(limit.text) and stopped when told")
    case .noProgress(let limit): outcome(.timedOut, "made no progress for \(limit.text) and stopped when told")
    case .memory, .protocolBroken, .abandoned: killed(by: cause, grace: .zero)
    }
  }

  /// The host killed the runner.
  func killed(by cause: StopCause, grace: Duration) -> Outcome {
    switch cause {
    case .cancelled where grace == .zero: outcome(.cancelled, "was cancelled and killed at once")
    case .cancelled: outcome(.cancelled, "was cancelled, did not stop within \(grace.text) and was killed")
    case .hostStopping:
      outcome(.lost, "did not stop within \(grace.text) while its host was stopping, and was killed")
    case .timeout(let limit): outcome(.timedOut, "exceeded its timeout of \(limit.text) and was killed")
    case .noProgress(let limit): outcome(.timedOut, "made no progress for \(limit.text) and was killed")
    case .memory(let used, let limit):
      outcome(.memory, "used \(used) MiB, over its limit of \(limit) MiB, and was killed")
    case .protocolBroken(let text): outcome(.protocolBroken(text), text)
    case .abandoned: outcome(.lost, "was killed because its host gave up its lease")
    }
  }

  /// The runner ended by itself.
  func ended(_ end: ProcessEnd) -> Outcome {
    switch end {
    case .signal(let signal):
      outcome(
        .crashed(signal: signal),
        "the runner crashed: \(signalName(signal))"
          + (signal == 9 ? ", not sent by weir: perhaps the machine was out of memory" : ""))
    case .exit(Self.noMemory): outcome(.memory, "its runner had no memory left")
    case .exit(Self.socketFailed):
      outcome(.protocolBroken(Self.socketBroken), Self.socketBroken)
    case .exit(let code): outcome(.exited(code: code), "the plugin ended its runner: exit(\(code))")
    case .unknown: outcome(.exited(code: -1), "the runner ended, and another part of this process took its exit status")
    }
  }
}
