import Engine
import Workflow

/// The tasks of one stage: a drawing of thousands, a list of some, and one of them in full.
struct TaskSection: Sendable {
  /// What is asked for, as the page's URL says it.
  struct Choice: Sendable {
    var stage: String?
    var from = 0
    var state: TaskState?
    var after: Int?
    var task: Int?

    static let parameters: [Parameter] = [
      .query("stage", .text(longest: 200), "Whose tasks are shown."),
      .query("from", .integer(0...2_147_483_647), "The first task of the grid."),
      .query("state", .choice(TaskState.allCases.map(\.rawValue)), "Which tasks are listed."),
      .query("after", .integer(0...2_147_483_647), "`next` of the list before."),
      .query("task", .integer(0...2_147_483_647), "The task that is shown in full."),
    ]

    init(_ call: Call) {
      stage = call.text("stage")
      state = call.text("state").flatMap(TaskState.init)
      after = call.integer("after")
      task = call.integer("task")
      let from = call.integer("from") ?? task ?? 0
      self.from = from / TaskGrid.tasks * TaskGrid.tasks
    }
  }

  var job: Int64
  var stages: [StageBar]
  var stage: StageBar
  var choice: Choice
  var grid: TaskGrid
  var tasks: Page<TaskView>
  var task: TaskDetail?
  var now: String

  static let listed = 20

  var html: HTML {
    """
    <section class="card pad" id="tasks" aria-labelledby="tasks-title" hx-boost="true" hx-target="#tasks" hx-select="#tasks" \
    hx-swap="outerHTML show:none">
    <div class="head"><h2 id="tasks-title">Tasks of \(stage.id)</h2><span class="meta">as of \(HTML.time(now, now: now))</span>\
    <span class="space"></span><a class="button" href="\(link(from: grid.first))">Refresh</a></div>
    \(tabs)
    \(stage.counts.total == 0 ? nothing : some)
    </section>
    """
  }

  private var nothing: HTML {
    EmptyPart(
      icon: .clock, title: "This stage has no tasks yet.", text: "\(stage.waitingReason.map { "\(WaitPart(reason: $0).words)." } ?? "")"
    ).html
  }

  private var tabs: HTML {
    guard stages.count > 1 else { return .nothing }
    let links = stages.prefix(40).map { other -> HTML in
      "<li><a href=\"?stage=\(url: other.id)\"\(other.id == stage.id ? " aria-current=\"true\"" as HTML : .nothing)>\(other.id)</a></li>"
    }
    return "<ul class=\"tabs\" aria-label=\"Stages\">\(links)</ul>"
  }

  private var some: HTML {
    """
    \(SegmentedBar.legend(stage.counts))
    \(grid.html)
    \(pager)
    \(list)
    \(task.map { $0.html(now: now) })
    """
  }

  private func link(from: Int? = nil, state: TaskState? = nil, after: Int? = nil, task: Int? = nil) -> HTML {
    let pairs: [HTML?] = [
      "stage=\(url: stage.id)", from.map { "&amp;from=\($0)" }, (state ?? choice.state).map { "&amp;state=\($0.rawValue)" },
      after.map { "&amp;after=\($0)" }, task.map { "&amp;task=\($0)" },
    ]
    return "?\(pairs.compactMap(\.self))"
  }

  private var pager: HTML? {
    let last = max(0, (stage.counts.total - 1) / TaskGrid.tasks * TaskGrid.tasks)
    guard last > 0 else { return nil }
    func turn(_ words: String, _ to: Int, _ isThere: Bool) -> HTML {
      isThere ? "<a class=\"button\" href=\"\(link(from: to))\">\(words)</a>" : "<span class=\"button off\">\(words)</span>"
    }
    let here = grid.first
    return """
      <nav class="pager" aria-label="Pages of the grid">\(turn("First", 0, here > 0))\(turn("Before", max(0, here - TaskGrid.tasks), here > 0))
      <span>\(Quantity.text(here))–\(Quantity.text(here + grid.states.count - 1)) of \(Quantity.text(stage.counts.total))</span>
      \(turn("Next", here + TaskGrid.tasks, here < last))\(turn("Last", last, here < last))</nav>
      """
  }

  private var list: HTML {
    let states = TaskState.allCases.map { state -> HTML in
      "<option value=\"\(state.rawValue)\"\(choice.state == state ? " selected" as HTML : .nothing)>\(state.rawValue)</option>"
    }
    let rows = tasks.elements.map { task -> HTML in
      """
      <tr\(task.n == choice.task ? " class=\"chosen\"" as HTML : .nothing)><th scope="row">\
      <a href="\(link(from: grid.first, task: task.n))">\(Quantity.text(task.n))</a></th>
      <td>\(StateBadge(task.state).html)</td><td class="n">\(task.attempts)</td><td>\(task.host ?? "–")</td><td class="wide">\(saying(task))</td></tr>

      """
    }
    return """
      <form class="filters" method="get" action="">
      <input type="hidden" name="stage" value="\(stage.id)">
      <label>Show <select name="state"><option value="">any state</option>\(states)</select></label>
      <label>Task <input name="task" type="number" min="0" max="\(max(0, stage.counts.total - 1))" value="\(choice.task.map { "\($0)" } ?? "")"></label>
      <span class="go"><button class="button" type="submit">Show</button></span>
      </form>
      <div class="scroll" tabindex="0" role="region" aria-label="List of tasks"><table><thead><tr><th scope="col">Task</th><th scope="col">State</th>\
      <th scope="col" class="n">Attempts</th><th scope="col">Host</th><th scope="col" class="wide">Says</th></tr></thead>
      <tbody>\(rows.isEmpty ? ["<tr><td colspan=\"5\">No task is in this state.</td></tr>"] : rows)</tbody></table></div>
      \(tasks.next.flatMap { Int($0) }.map { "<p><a class=\"button\" href=\"\(link(from: grid.first, after: $0))\">More tasks</a></p>" as HTML })
      """
  }

  private func saying(_ task: TaskView) -> HTML {
    if let progress = task.progress, let done = Double(progress.done), let total = Double(progress.total), total > 0 {
      let words = "\(Quantity.decimal(done)) of \(Quantity.decimal(total))"
      return "\(SegmentedBar(min(1, done / total), words: words).html) \(words) \(progress.note ?? "")"
    }
    if task.state == .queued || task.state == .retrying, let reason = task.waitingReason { return "\(WaitPart(reason: reason).words)" }
    return "\(Redaction.byForm.text(String((task.message ?? "").prefix(160))))"
  }
}
