import Engine

/// The page at /login: plain HTML, no script.
enum LoginPage {
  case asks(next: String, mistake: String?)
  case loggedIn(name: String, role: Role, next: String)
  case nobodyNeedsOne

  /// Allows the page's own style, by its hash, and its form, and nothing else.
  static let policy =
    "default-src 'none'; style-src 'sha256-\(styleHash)'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
  static let styleHash = "aFjwHNbL0K9aNbXky8eYstcIdiqTABnRXG0eHRc06aM="

  var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>\(title) · Weir</title>
    <style>\(Self.style)</style>
    </head>
    <body>
    <main>
    <h1><span aria-hidden="true">≋</span> Weir</h1>
    \(content)
    </main>
    </body>
    </html>

    """
  }

  private var title: String {
    switch self {
    case .asks: "Log in"
    case .loggedIn: "Logged in"
    case .nobodyNeedsOne: "No login needed"
    }
  }

  private var content: String {
    switch self {
    case .asks(let next, let mistake):
      """
      <p id="why">Log in with a token of this host. Your browser keeps a session instead of the token; it ends after 12 hours.</p>
      <form method="post" action="/login">
      \(mistake.map { "<p class=\"mistake\" role=\"alert\" id=\"mistake\">\(HTML.escaped($0))</p>" } ?? "")
      <label for="token">Token</label>
      <input id="token" name="token" type="password" autocomplete="current-password" spellcheck="false" required autofocus
       aria-describedby="\(mistake == nil ? "why" : "mistake")"\(mistake == nil ? "" : " aria-invalid=\"true\"")>
      <input type="hidden" name="next" value="\(HTML.escaped(next))">
      <button type="submit">Log in</button>
      </form>
      <p class="note">An administrator makes one with <code>weir tokens create --name NAME --role viewer</code>.</p>
      """
    case .loggedIn(let name, let role, let next):
      """
      <p>You are logged in with the token <strong>\(HTML.escaped(name))</strong>, as \(role.rawValue).</p>
      <p><a href="\(HTML.escaped(next))">Go on</a></p>
      <form method="post" action="/logout"><button type="submit">Log out</button></form>
      """
    case .nobodyNeedsOne:
      """
      <p>This host is open to programs and pages of its own machine. A login is needed once it has a token.</p>
      <p><a href="\(PageShell.Place.overview.rawValue)">Go to the overview</a></p>
      """
    }
  }

  static let style = """

    :root { color-scheme: light dark; --ground: #f4f6f8; --card: #ffffff; --ink: #17212b; --soft: #55636f; --line: #8795a1;
      --act: #0b5c8a; --act-ink: #ffffff; --bad: #a3211b; --bad-soft: #fdeceb; }
    @media (prefers-color-scheme: dark) { :root { --ground: #10161c; --card: #1a232c; --ink: #e8edf2; --soft: #a3b1bd; --line: #6d7d8a;
      --act: #6cc0ee; --act-ink: #06202f; --bad: #ffaaa3; --bad-soft: #3a1a18; } }
    * { box-sizing: border-box; }
    body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground); color: var(--ink);
      font: 1rem/1.5 Inter, system-ui, sans-serif; }
    main { width: min(26rem, 100%); padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
    h1 { margin: 0 0 1rem; font-size: 1.5rem; letter-spacing: -.01em; }
    h1 span { color: var(--act); }
    p { margin: 0 0 1rem; }
    label { display: block; margin-bottom: .25rem; font-weight: 600; }
    input, button { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; border-radius: .5rem; }
    input { margin-bottom: 1rem; color: inherit; background: transparent; border: 1px solid var(--line); }
    input[aria-invalid] { border-color: var(--bad); }
    button { border: 0; background: var(--act); color: var(--act-ink); font-weight: 600; cursor: pointer; }
    a { color: var(--act); }
    :focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
    .mistake { padding: .5rem .75rem; border-radius: .5rem; background: var(--bad-soft); color: var(--bad); }
    .note { margin: 1.5rem 0 0; font-size: .875rem; color: var(--soft); }
    code { font-family: "JetBrains Mono", ui-monospace, monospace; overflow-wrap: anywhere; }

    """
}
