import Engine
import Workflow

/// Failures with one cause: what, where, how often, when.
struct FailurePart: Sendable {
  var group: FailureGroup
  var now: String

  var html: HTML {
    """
    <li class="failure"><p>\(StateBadge(outcome: group.outcome).html) <span class="meta">\(group.workflow) / \(group.stage)</span></p>
    <p class="message">\(Redaction.byForm.text(String(group.message.prefix(240))))</p>
    <p class="meta">\(Quantity.text(group.failed, "task")) failed in \(Quantity.text(group.attempts, "attempt"))\
    \(group.jobs > 1 ? " of \(group.jobs) jobs" : ""), \
    last \(HTML.time(group.lastAt, now: now)) at <a href="\(link)">\(group.task)</a></p></li>
    """
  }

  /// The task is `JOB/STAGE/N`.
  private var link: HTML {
    let parts = group.task.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { return "/api/interface/metrics" }
    return "/api/interface/jobs/\(url: parts[0])?stage=\(url: parts[1])&amp;task=\(url: parts[2])#tasks"
  }
}
