import Engine
import Workflow

/// What an operator can do to a job as it is now, each as a button that opens a dialog.
struct JobActs: Sendable {
  /// One of them.
  enum Act: String, Sendable, CaseIterable {
    case pause, resume, cancel
    case cancelNow = "cancel-now"
    case retry, rerun, priority, labels

    fileprivate var words: String {
      switch self {
      case .pause: "Pause"
      case .resume: "Resume"
      case .cancel: "Cancel"
      case .cancelNow: "Cancel now"
      case .retry: "Retry failed"
      case .rerun: "Rerun"
      case .priority: "Priority"
      case .labels: "Labels"
      }
    }

    fileprivate var confirmation: String {
      switch self {
      case .priority, .labels: "Change"
      default: words
      }
    }

    fileprivate var icon: Icon {
      switch self {
      case .pause: .pause
      case .resume: .play
      case .cancel, .cancelNow: .ban
      case .retry, .rerun: .again
      case .priority: .up
      case .labels: .tag
      }
    }

    fileprivate var destroys: Bool { self == .cancel || self == .cancelNow }

    /// What is said once it was done.
    var done: String {
      switch self {
      case .pause: "Paused: what runs goes on to its end, and nothing new begins."
      case .resume: "Resumed."
      case .cancel: "Cancelled: what runs is asked to stop."
      case .cancelNow: "Cancelled: what runs is stopped at once."
      case .retry: "Failed tasks are tried again."
      case .rerun: "This is the new job."
      case .priority: "The priority was changed."
      case .labels: "The labels were changed."
      }
    }
  }

  var job: JobCard

  private var possible: [Act] {
    if job.state.isFinal {
      return (job.counts.failed > 0 && job.state != .cancelled ? [.retry] : []) + [.rerun, .labels]
    }
    if job.isCancelling { return [.cancelNow] }
    // of a job of which one stage is paused the others can be, too
    let isHeld = job.state == .paused
    let pausing: [Act] = (isHeld ? [] : [.pause]) + (isHeld || job.stages.contains { $0.state == .paused } ? [.resume] : [])
    return pausing + (job.counts.failed > 0 ? [.retry] : []) + [.priority, .labels, .cancel, .cancelNow]
  }

  /// The buttons, which change with the job.
  var buttons: HTML {
    let buttons = possible.map { act -> HTML in
      "<button class=\"button\(act.destroys ? " danger" : "")\" type=\"button\" data-dialog=\"dialog-\(act.rawValue)\">\(act.icon.html)\(act.words)</button>\n"
    }
    return "<div class=\"acts\" role=\"group\" aria-label=\"What can be done to this job\">\(buttons)</div>"
  }

  /// The dialogs, which stay as they are while the job changes behind them.
  var dialogs: [HTML] { Act.allCases.map(dialog) }

  private func dialog(_ act: Act) -> HTML {
    """
    <dialog id="dialog-\(act.rawValue)" aria-labelledby="title-\(act.rawValue)">
    <form method="post" action="/api/interface/jobs/\(job.id)/\(act.rawValue)">
    <h2 id="title-\(act.rawValue)">\(title(act))</h2>
    \(fields(act))
    <div class="line"><span class="space"></span><button class="button" type="button" data-close>Leave it</button>
    <button class="button \(act.destroys ? "danger full" : "primary")" type="submit">\(act.confirmation)</button></div>
    </form>
    </dialog>

    """
  }

  private func title(_ act: Act) -> String {
    switch act {
    case .priority: "Priority of job \(job.id)"
    case .labels: "Labels of job \(job.id)"
    case .retry: "Retry what failed in job \(job.id)?"
    default: "\(act.words) job \(job.id)?"
    }
  }

  private func fields(_ act: Act) -> HTML {
    switch act {
    case .pause:
      return """
        <p>What runs goes on to its end. Nothing new begins until it is resumed.</p>
        <label>Of it <select name="stage"><option value="">all stages</option>\(stages(in: .running))</select></label>
        <label>Why, for those who wonder <input name="why" maxlength="500" autofocus></label>
        """
    case .resume:
      return """
        <p>It goes on where it stood.</p>
        <label>Of it <select name="stage"><option value="">all that is paused</option>\(stages(in: .paused))</select></label>
        """
    case .cancel:
      return "<p>Nothing more of it starts. What runs is asked to stop, and stopped after the grace period. This cannot be taken back.</p>"
    case .cancelNow:
      return "<p>What runs is killed at once; what it had not finished is lost. This cannot be taken back.</p>"
    case .retry:
      return """
        <p>Tasks that failed run again with all their attempts. Stages behind them are put back and run again, too: what they gave is
        discarded.</p>
        <label>Of <select name="stage"><option value="">all stages</option>\(stages)</select></label>
        """
    case .rerun:
      return """
        <p>A new job with the same parameters, labels and priority.</p>
        <label>From <select name="from"><option value="">the beginning</option>\(stages)</select></label>
        <label>Workflow <select name="version"><option value="pinned">version \(job.version), as this job</option>\
        <option value="newest">the newest version</option></select></label>
        """
    case .priority:
      return """
        <p>Higher goes first. New tasks of other jobs wait for those of a job with a higher one.</p>
        <label>Priority <input name="to" type="number" min="-32768" max="32767" value="\(job.priority)" required autofocus></label>
        """
    case .labels:
      return """
        <p>\(job.labels.isEmpty ? "It has none." : "It has \(job.labels.joined(separator: ", ")).")</p>
        <label>Add, with commas between <input name="add" maxlength="500" autofocus></label>
        <label>Take away <input name="remove" maxlength="500"></label>
        """
    }
  }

  private func stages(in state: StageState) -> [HTML] {
    job.stages.filter { $0.state == state }.map { "<option value=\"\($0.id)\">stage \($0.id)</option>" }
  }

  private var stages: [HTML] { job.stages.map { "<option value=\"\($0.id)\">stage \($0.id)</option>" } }
}
