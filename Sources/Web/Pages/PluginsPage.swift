import Engine
import Workflow

/// The builds of plugins that hosts have offered, their handlers, and those in quarantine.
struct PluginsPage: Sendable {
  var handlers: [KnownHandler]
  var quarantines: [QuarantineView]
  var hosts: [HostView]
  var now: String

  private struct Build {
    var plugin: String
    var version: String
    var hash: String
    var handlers: [KnownHandler]
  }

  func page(for visitor: Visitor, released: Bool) -> HTML {
    let content: HTML = """
      <div class="head"><h1>Plugins</h1></div>
      \(released ? "<p class=\"banner good\" role=\"status\">\(Icon.check.html)The build was released: hosts use it again.</p>" as HTML : nil)
      \(quarantines.isEmpty ? nil : quarantined(visitor))
      <section class="card pad" aria-labelledby="builds-title"><h2 id="builds-title">Builds, by plugin</h2>\(table)</section>
      """
    return PageShell(title: "Plugins", place: .plugins, visitor: visitor, events: nil, content: content).html
  }

  private var builds: [Build] {
    var builds: [Build] = []
    for handler in handlers.sorted(by: { ($0.plugin, $0.libraryHash, $0.name) < ($1.plugin, $1.libraryHash, $1.name) }) {
      if builds.last?.plugin != handler.plugin || builds.last?.hash != handler.libraryHash {
        builds.append(Build(plugin: handler.plugin, version: handler.pluginVersion, hash: handler.libraryHash, handlers: []))
      }
      builds[builds.count - 1].handlers.append(handler)
    }
    return builds
  }

  private var table: HTML {
    guard !handlers.isEmpty else {
      return EmptyPart(
        icon: .plug, title: "No host has offered a plugin yet.",
        text: "Hosts load them at start; <code>weir plugins</code> says what they found."
      ).html
    }
    let rows = builds.prefix(200).map { build -> HTML in
      let by = hosts.filter { host in host.state == "alive" && host.handlers.contains { $0.libraryHash == build.hash } }.map(\.name)
      let list = build.handlers.map { handler -> HTML in
        "<li>\(handler.name) <span class=\"meta\">\(handler.version)\(handler.description["title"]?.stringValue.map { " · \($0)" } ?? "")</span></li>"
      }
      let isHeld = quarantines.contains { $0.libraryHash == build.hash }
      return """
        <tr><th scope="row">\(build.plugin) <span class="meta">\(build.version)</span></th><td><code>\(String(build.hash.prefix(12)))</code></td>
        <td>\(isHeld ? "<span class=\"badge s-failed\">\(Icon.ban.html)quarantine</span> " as HTML : nil)\(by.isEmpty ? "no host" : by.joined(separator: ", "))</td>
        <td class="wide"><ul class="plain">\(list)</ul></td></tr>

        """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Table of builds"><table>
      <thead><tr><th scope="col">Plugin</th><th scope="col">Build</th><th scope="col">Offered by</th>\
      <th scope="col" class="wide">Handlers</th></tr></thead><tbody>\(rows)</tbody></table></div>
      """
  }

  private func quarantined(_ visitor: Visitor) -> HTML {
    let entries = quarantines.prefix(50).map { held -> HTML in
      let form: HTML = """
        <button class="button" type="button" data-dialog="release-\(held.libraryHash)">Release</button>
        <dialog id="release-\(held.libraryHash)" aria-labelledby="title-\(held.libraryHash)">
        <form method="post" action="/api/interface/quarantines/\(url: held.libraryHash)/release">
        <h2 id="title-\(held.libraryHash)">Release this build of \(held.plugin)?</h2>
        <p>Hosts use it again, and its tasks go on. It comes back into quarantine if it goes on ending its runners.</p>
        <div class="line"><span class="space"></span><button class="button" type="button" data-close>Leave it</button>
        <button class="button primary" type="submit">Release</button></div></form></dialog>
        """
      return """
        <li><p><strong>\(held.plugin)</strong> <code>\(String(held.libraryHash.prefix(12)))</code> since \(HTML.time(held.since, now: now))</p>
        <p>\(held.handler) ended the runners of \(Quantity.text(held.tasks, "task")).\
        \(held.message.map { " \(Redaction.byForm.text(String($0.prefix(300))))" as HTML })</p>\(visitor.mayOperate ? "<div class=\"go\">\(form)</div>" as HTML : nil)</li>

        """
    }
    return """
      <section class="card pad" aria-labelledby="held-title"><h2 id="held-title">\(Icon.warning.html) In quarantine</h2>
      <ul class="plain">\(entries)</ul></section>
      """
  }
}
