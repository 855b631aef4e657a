/// What all pages have around their content.
struct PageShell: Sendable {
  enum Place: String, Sendable, CaseIterable {
    case overview = "/api/interface/metrics"
    case jobs = "/api/interface/jobs"
    case queue = "/api/interface/queue"
    case schedules = "/api/interface/schedules"
    case datasets = "/api/interface/datasets"
    case hosts = "/api/interface/hosts"
    case plugins = "/api/interface/plugins"

    var title: String {
      switch self {
      case .overview: "Overview"
      case .jobs: "Jobs"
      case .queue: "Queue"
      case .schedules: "Schedules"
      case .datasets: "Datasets"
      case .hosts: "Hosts"
      case .plugins: "Plugins"
      }
    }

    fileprivate var icon: Icon {
      switch self {
      case .overview: .gauge
      case .jobs: .list
      case .queue: .queue
      case .schedules: .clock
      case .datasets: .map
      case .hosts: .server
      case .plugins: .plug
      }
    }
  }

  /// Scripts, styles and connections of this host, and nothing else.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    + "frame-ancestors 'none'"

  /// The same with a map: MapLibre works in threads that it makes of its own text, and its buttons are drawings in its style.
  static let policyWithMap = policy.replacing("img-src 'self'", with: "img-src 'self' data: blob:") + "; worker-src blob:"

  var title: String
  var place: Place?
  var visitor: Visitor
  /// Where what changes comes from; nil: nothing of the page is live.
  var events: String?
  /// What this page needs besides what all have, such as `map.js`.
  var files: [String] = []
  var content: HTML

  var html: HTML {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <meta name="htmx-config" content="\(Self.htmx)">
    <title>\(title) · Weir</title>
    <link rel="icon" href="\(PageAssets.path(of: "icon.svg"))" type="image/svg+xml">
    <link rel="stylesheet" href="\(PageAssets.path(of: "app.css"))">
    <link rel="stylesheet" href="\(PageAssets.path(of: "job.css"))">
    \(files.filter { $0.hasSuffix(".css") }.map(Self.style))\
    <script src="\(PageAssets.path(of: "theme.js"))"></script>
    \((["htmx.min.js", "htmx-sse.min.js", "idiomorph-ext.min.js", "app.js"] + files.filter { $0.hasSuffix(".js") }).map(Self.script))
    </head>
    <body hx-ext="sse,morph"\(events.map { " sse-connect=\"\($0)\"" as HTML })>
    <a class="skip" href="#main">Skip to content</a>
    \(header)
    \(navigation)
    <main id="main" tabindex="-1">
    \(content)
    </main>
    </body>
    </html>

    """
  }

  private static let htmx =
    #"{"defaultSettleDelay":0,"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0}"#

  private static func script(_ name: String) -> HTML { "<script src=\"\(PageAssets.path(of: name))\" defer></script>\n" }

  private static func style(_ name: String) -> HTML { "<link rel=\"stylesheet\" href=\"\(PageAssets.path(of: name))\">\n" }

  private var header: HTML {
    """
    <header class="top">
    <a class="brand" href="\(Place.overview.rawValue)">\(Icon.weir.html)Weir</a>
    <span class="space"></span>
    \(live)
    <button class="button icon" id="theme" type="button" aria-label="Light or dark">\(Icon.moon.html)</button>
    \(visitor.name.map(Self.leave))
    </header>
    """
  }

  private var live: HTML? {
    guard events != nil else { return nil }
    return """
      <span id="live" data-state="waiting"><span class="dot" aria-hidden="true"></span><span id="live-text" role="status">Connecting</span></span>
      <button class="button" id="hold" type="button" aria-pressed="false">Hold still</button>
      """
  }

  private static func leave(_ name: String) -> HTML {
    """
    <form method="post" action="/logout" class="leave"><span class="who">\(name)</span>
    <button class="button" type="submit">Log out</button></form>
    """
  }

  private var navigation: HTML {
    let links = Place.allCases.map { place -> HTML in
      let current: HTML = place == self.place ? " aria-current=\"page\"" : ""
      return "<li><a href=\"\(place.rawValue)\"\(current)>\(place.icon.html)<span>\(place.title)</span></a></li>\n"
    }
    return "<nav class=\"nav\" aria-label=\"Pages\"><ul>\n\(links)</ul></nav>"
  }
}
