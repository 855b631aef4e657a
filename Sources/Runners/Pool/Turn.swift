/// What one turn of the loop has to report, gathered so that the delegate is asked once.
final class Turn {
  let configuration: RunnerConfiguration
  let delegate: any RunnerDelegate
  let inbox: Inbox
  /// The time at which this turn woke up.
  var now: Nanoseconds = monotonicNow()
  private(set) var outcomes: [Outcome] = []

  init(configuration: RunnerConfiguration, delegate: any RunnerDelegate, inbox: Inbox) {
    self.configuration = configuration
    self.delegate = delegate
    self.inbox = inbox
  }

  func ended(_ outcome: Outcome) {
    outcomes.append(outcome)
  }

  /// Hands the outcomes to the delegate.
  func report() {
    if outcomes.isEmpty { return }
    let batch = outcomes
    outcomes = []
    outcomes.reserveCapacity(batch.count)
    delegate.outcomes(batch)
  }
}
