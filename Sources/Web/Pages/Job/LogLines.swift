import Engine
import Workflow

/// What tasks logged, line by line.
struct LogLines: Sendable {
  var lines: [LogView]
  var now: String
  var showsTask = true

  static let most = 60

  var html: HTML {
    guard !lines.isEmpty else { return EmptyPart(icon: .circle, title: "No lines", text: "No task has logged anything.").html }
    return "<ol class=\"log\">\(lines.map(line))</ol>"
  }

  private func line(_ line: LogView) -> HTML {
    let task: HTML? =
      showsTask
      ? "<a href=\"?stage=\(url: line.stage)&amp;task=\(line.n)#tasks\">\(line.stage)/\(line.n)</a> " : nil
    let fields = line.fields.map { Redaction.byForm.json($0.parsed()).serialized() }.map { String($0.prefix(300)) }
    return """
      <li class="l-\(line.level)" id="line-\(line.id)">\(HTML.time(line.at, now: now)) <span class="level">\(line.level)</span> \
      \(task)\(Redaction.byForm.text(String(line.message.prefix(500))))\(fields.map { " <span class=\"meta\">\($0)</span>" as HTML })</li>

      """
  }
}
