/// 15: open and close work in process after process.
struct OpenCloseCheck: Check {
  let number = 15
  let name = "open-close"
  let level = 2

  func look(at subject: CheckSubject) -> CheckFinding {
    for cycle in 1...max(1, subject.cycles) {
      do throws(RunnersError) {
        if let finding = try open(subject, cycle: cycle) { return finding }
      } catch {
        return .failed([error.message])
      }
    }
    return .passed
  }

  /// nil: all was well.
  private func open(_ subject: CheckSubject, cycle: Int) throws(RunnersError) -> CheckFinding? {
    let probe = try RunnerProbe(configuration: subject.configuration)
    let place = "in process \(cycle) of \(subject.cycles)"
    switch probe.load(subject.build, configuration: subject.configuration) {
    case .ready: break
    case .refused(let reason): return .failed(["It was refused \(place): \(reason)"])
    case .ended(let end): return .crashed("the runner \(end.text) while it loaded the library, \(place)")
    case .brokeProtocol(let text): return .crashed("\(text), \(place)")
    case .tooSlow: return .crashed("it did not load in time, \(place)")
    }
    switch probe.stop(within: subject.configuration.closeTimeout) {
    case .exit(0): return nil
    case .some(let end): return .crashed("the runner \(end.text) while it closed the plugin, \(place)")
    case nil: return .crashed("close() did not return within \(subject.configuration.closeTimeout.text), \(place)")
    }
  }
}
