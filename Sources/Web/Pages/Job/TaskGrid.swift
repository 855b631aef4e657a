import Workflow

/// Thousands of tasks as one drawing: a square each, 100 a line, with one path for each state.
///
/// Neighbours of one state are one rectangle, so a stage that goes well is a few bytes, and a page has seven elements whatever it shows.
struct TaskGrid: Sendable {
  /// Of the first task that is shown.
  var first: Int
  var states: [TaskState]
  var total: Int

  static let columns = 100
  static let tasks = 3_000
  private static let side = 8

  var html: HTML {
    let lines = (states.count + Self.columns - 1) / Self.columns
    let paths = TaskState.allCases.compactMap { state -> HTML? in
      let path = path(of: state)
      return path.isEmpty ? nil : "<path class=\"f-\(state.rawValue)\" d=\"\(path)\"/>"
    }
    let last = first + states.count - 1
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Grid of tasks">
      <svg class="grid" width="\(Self.columns * Self.side)" height="\(lines * Self.side)" viewBox="0 0 \(Self.columns * Self.side) \
      \(lines * Self.side)" role="img" aria-label="Tasks \(Quantity.text(first)) to \(Quantity.text(last)): \(words)" \
      data-first="\(first)" data-count="\(states.count)" data-columns="\(Self.columns)">\(paths)</svg></div>
      """
  }

  private var words: String {
    TaskState.allCases.compactMap { state in
      let count = states.lazy.filter { $0 == state }.count
      return count == 0 ? nil : "\(Quantity.text(count)) \(state.rawValue)"
    }.joined(separator: ", ")
  }

  /// Rectangles of neighbours: move, right, down, back.
  private func path(of state: TaskState) -> String {
    var path = ""
    var at = 0
    while at < states.count {
      guard states[at] == state else {
        at += 1
        continue
      }
      var end = at + 1
      while end < states.count, states[end] == state, end % Self.columns != 0 { end += 1 }
      let width = (end - at) * Self.side - 1
      path += "M\(at % Self.columns * Self.side) \(at / Self.columns * Self.side)h\(width)v\(Self.side - 1)h-\(width)z"
      at = end
    }
    return path
  }
}
