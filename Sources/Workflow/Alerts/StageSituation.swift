/// What is known of a stage that runs when one asks whether somebody should look at it.
public struct StageSituation: Sendable, Hashable {
  public var job: Int64
  public var workflow: String
  public var stage: String
  public var handler: String
  public var running: Int
  public var ended: Int
  public var failed: Int
  public var waitingReason: WaitingReason?
  /// Since it opened.
  public var elapsed: Duration
  /// For how long nothing of it ended, and none of its tasks said that it went on; nil: not known.
  public var quiet: Duration?
  /// RFC 3339.
  public var openedAt: String?

  public init(
    job: Int64, workflow: String, stage: String, handler: String, running: Int, ended: Int, failed: Int,
    waitingReason: WaitingReason? = nil, elapsed: Duration, quiet: Duration? = nil, openedAt: String? = nil
  ) {
    self.job = job
    self.workflow = workflow
    self.stage = stage
    self.handler = handler
    self.running = running
    self.ended = ended
    self.failed = failed
    self.waitingReason = waitingReason
    self.elapsed = elapsed
    self.quiet = quiet
    self.openedAt = openedAt
  }
}

extension Attention {
  /// Tasks of a stage that must have ended before the share that failed says something.
  static let fewTasks = 20
  static let failedShare = 0.1
  /// How long a stage must be quiet at least, when some of its tasks have ended, and when none has.
  static let (quiet, quietAtFirst): (Duration, Duration) = (.seconds(600), .seconds(1800))
  /// How many times a task's usual time it must be quiet.
  static let patience = 5.0
  /// A host that is just starting offers its handlers soon.
  public static let hostPatience: Duration = .seconds(60)

  /// What a person should look at in one stage.
  public static func found(in stage: StageSituation) -> [Attention] {
    [tooManyFailures(stage), stuck(stage), withoutHost(stage)].compactMap { $0 }
  }

  private static func tooManyFailures(_ stage: StageSituation) -> Attention? {
    guard stage.ended >= fewTasks, Double(stage.failed) >= failedShare * Double(stage.ended) else { return nil }
    let percent = Int((100 * Double(stage.failed) / Double(stage.ended)).rounded())
    return Attention(
      .failureShare, subject: "\(stage.job)/\(stage.stage)",
      text: "\(percent) % of the tasks of stage \"\(stage.stage)\" of job \(stage.job) (\(stage.workflow)) failed: "
        + "\(stage.failed) of \(stage.ended).",
      hint: "`weir failures \(stage.job)` has the causes.", job: stage.job, since: stage.openedAt)
  }

  private static func stuck(_ stage: StageSituation) -> Attention? {
    guard let quiet = stage.quiet, quiet >= limit(of: stage) else { return nil }
    // what waits for a reason that somebody chose is not stuck
    switch stage.waitingReason {
    case nil, .noRunner: break
    default: return nil
    }
    guard stage.running > 0 || stage.waitingReason != nil else { return nil }
    let minutes = Int(quiet / .seconds(60))
    return Attention(
      .jobStuck, subject: "\(stage.job)/\(stage.stage)",
      text: "Stage \"\(stage.stage)\" of job \(stage.job) (\(stage.workflow)) has been quiet for \(minutes) min: no task ended, and none "
        + "said that it goes on.",
      hint: stage.running > 0
        ? "`weir logs \(stage.job) --stage \(stage.stage)` has what its tasks said; a progress_timeout would end those that hang."
        : "Every runner is busy with other jobs: `weir top` has them.",
      job: stage.job, since: stage.openedAt)
  }

  private static func limit(of stage: StageSituation) -> Duration {
    guard stage.ended > 0, let quiet = stage.quiet else { return quietAtFirst }
    let usual = (stage.elapsed - quiet) * (Double(max(1, stage.running)) / Double(stage.ended))
    return max(Self.quiet, usual * patience)
  }

  private static func withoutHost(_ stage: StageSituation) -> Attention? {
    guard case .noHost(let handler) = stage.waitingReason, stage.elapsed >= hostPatience else { return nil }
    return Attention(
      .noHost, subject: handler, text: "No host offers handler \"\(handler)\": job \(stage.job) (\(stage.workflow)) waits.",
      hint: "Start a host that has its plugin: `weir plugins` lists what this one has.", job: stage.job, since: stage.openedAt)
  }
}
