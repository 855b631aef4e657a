import Workflow

/// Why something does not run, as a line of its own.
struct WaitPart: Sendable {
  var reason: WaitingReason

  var html: HTML { "<p class=\"waits\">\(Icon.clock.html)\(words)</p>" }

  /// A sentence without its stop: some reasons say themselves that something waits.
  var words: String {
    let text = String(reason.text.prefix(300))
    return text.hasPrefix("waits") ? "Waits" + text.dropFirst(5) : "Waits: \(text)"
  }
}
