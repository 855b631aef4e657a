import Engine

/// The hosts that share the database, and what they offer.
struct HostsPage: Sendable {
  var hosts: [HostView]
  var now: String

  var table: HTML {
    guard !hosts.isEmpty else {
      return EmptyPart(
        icon: .server, title: "No host has been here yet.", text: "Start one: <code>weir serve</code> or <code>weir work</code>."
      ).html
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Table of hosts"><table>
      <thead><tr><th scope="col">Host</th><th scope="col">State</th><th scope="col" class="wide">Runners in use</th><th scope="col">Since</th>\
      <th scope="col">Lease until</th><th scope="col">Version</th><th scope="col">Handlers</th></tr></thead>
      <tbody>\(hosts.map(row))</tbody></table></div>
      """
  }

  func page(for visitor: Visitor) -> HTML {
    let content: HTML = """
      <div class="head"><h1>Hosts</h1></div>
      <section class="card pad" aria-label="Hosts"><div sse-swap="hosts" hx-swap="morph:innerHTML" id="hosts">\(table)</div></section>
      """
    return PageShell(title: "Hosts", place: .hosts, visitor: visitor, events: "/api/interface/hosts/events", content: content).html
  }

  private func row(_ host: HostView) -> HTML {
    let used = host.slots > 0 ? min(1, Double(host.runningTasks) / Double(host.slots)) : 0
    let words = "\(Quantity.text(host.runningTasks)) of \(Quantity.text(host.slots))"
    let offers = host.handlers.map {
      "<li>\($0.name) <span class=\"meta\">\($0.pluginVersion) · \(String($0.libraryHash.prefix(8)))</span></li>" as HTML
    }
    return """
      <tr id="host-\(host.id)"><th scope="row">\(host.name) <span class="meta">#\(host.id), pid \(host.pid)</span></th>
      <td>\(StateBadge(host: host.state).html)</td>
      <td class="wide">\(SegmentedBar(used, words: words).html) \(words)</td>
      <td>\(HTML.time(host.startedAt, now: now))</td><td>\(HTML.time(host.leaseUntil, now: now))</td><td>\(host.version)</td>
      <td><details><summary>\(Quantity.text(host.handlers.count, "handler"))</summary><ul class="plain">\(offers)</ul></details></td></tr>

      """
  }
}
