import HTTPTypes
import Workflow

/// What a person is shown when a page cannot be: what is wrong, and how to go on.
struct ProblemPage: Sendable {
  var problem: Problem
  /// Path and query of what was asked for.
  var target: String

  /// Whether a person asks: then problems are pages.
  static func serves(_ target: String) -> Bool {
    let path = target.prefix { $0 != "?" }
    return path == "/" || path == "/api/interface" || path.hasPrefix("/api/interface/")
  }

  /// Who is not logged in is asked to, and comes back.
  func answer(isChange: Bool) -> Answer {
    if problem.kind == .unauthorized {
      let next = isChange ? PageShell.Place.overview.rawValue : target
      return .seeOther("/login?next=\(HTML.encoded(next))")
    }
    var headers = problem.headers
    headers[.contentSecurityPolicy] = PageShell.policy
    return Answer(status: problem.kind.status, headers: headers, contentType: "text/html; charset=utf-8", body: Array(html.text.utf8))
  }

  private var html: HTML {
    PageShell(title: problem.kind.title, place: nil, visitor: Visitor(.unknown), events: nil, content: content).html
  }

  private var content: HTML {
    let hint = problem.hint.map { "<p>\(Redaction.byForm.text($0))</p>" as HTML }
    let mistakes = problem.errors.compactMap { $0["message"]?.stringValue }.map { "<li>\(Redaction.byForm.text($0))</li>" as HTML }
    return """
      <section class="card problem" role="alert">
      <h1>\(Icon.warning.html) \(problem.kind.title)</h1>
      <p><strong>\(sentence)</strong></p>
      \(hint)
      \(mistakes.isEmpty ? nil : "<ul>\(mistakes)</ul>" as HTML)
      <p class="go"><a class="button" href="\(problem.kind.status >= 500 ? target : PageShell.Place.overview.rawValue)">\(onward)</a></p>
      </section>
      """
  }

  private var onward: String { problem.kind.status >= 500 ? "Try again" : "Go to the overview" }

  private var sentence: String {
    let detail = Redaction.byForm.text(problem.detail)
    return detail.prefix(1).uppercased() + detail.dropFirst() + (detail.hasSuffix(".") ? "" : ".")
  }
}
