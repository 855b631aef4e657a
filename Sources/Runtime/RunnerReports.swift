import Engine
import Runners

/// What the runners tell, passed on to those whose business it is. Called on the pool's thread: nothing here blocks.
final class RunnerReports: RunnerDelegate {
  private let tasks: InFlightTasks
  private let mailbox: Mailbox
  private let turns: OrderedTurns
  private let intake: ItemIntake
  private let services: HandlerServices
  private let journalist: Journalist

  init(
    tasks: InFlightTasks, mailbox: Mailbox, threads: ServiceThreads, intake: ItemIntake, services: HandlerServices,
    journalist: Journalist
  ) {
    self.tasks = tasks
    self.mailbox = mailbox
    turns = OrderedTurns(threads: threads)
    self.intake = intake
    self.services = services
    self.journalist = journalist
  }

  func outcomes(_ batch: [Outcome]) {
    // an attempt's last chunks are stored before its outcome counts
    let (late, ready) = batch.reduce(into: ([Outcome](), [Outcome]())) { parts, outcome in
      if turns.isBusy(outcome.token) { parts.0.append(outcome) } else { parts.1.append(outcome) }
    }
    for outcome in late {
      turns.perform(for: outcome.token) { [mailbox, services] in
        services.ended(outcome.token)
        mailbox.deliver([outcome])
      }
    }
    for outcome in ready { services.ended(outcome.token) }
    if !ready.isEmpty { mailbox.deliver(ready) }
  }

  func call(_ call: ServiceCall) {
    guard let inFlight = tasks[call.token] else {
      return call.refuse("the attempt has ended", status: 400)
    }
    let caller = HTTPService.Caller(taskID: inFlight.plan.taskID(inFlight.task.n), traceparent: inFlight.traceparent) {
      [journalist] done, total in
      journalist.progress(of: inFlight, done: done, total: total, note: nil)
    }
    services.take(call, of: inFlight, caller: caller)
  }

  func emitted(_ chunk: EmittedChunk) {
    guard let inFlight = tasks[chunk.token] else { return chunk.credit() }
    turns.perform(for: chunk.token) { [intake] in intake.take(chunk, of: inFlight) }
  }

  func logged(_ line: LogLine) {
    journalist.log(line, of: line.token.flatMap { tasks[$0] })
  }

  func progressed(token: Int64, done: UInt64, total: UInt64, note: String?) {
    guard let inFlight = tasks[token] else { return }
    journalist.progress(of: inFlight, done: done, total: total, note: note)
  }

  func slotsFreed() { mailbox.poke() }

  func startFailed(_ build: RunnerBuild, message: String, delay: Duration) {
    journalist.startFailed(build.plugin, message, delay)
  }
}
