/// A terminal of so many letters and lines, as far as `weir` speaks to one.
struct Screen {
  let width: Int
  let height: Int
  private(set) var lines: [[Character]]
  /// What has gone over the upper edge.
  private(set) var scrolled = 0
  private var (row, column) = (0, 0)
  private var wraps = true

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    lines = Array(repeating: [], count: height)
  }

  /// Without what is empty at the end.
  var text: [String] {
    let all = lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    return all.reversed().drop { $0.isEmpty }.reversed()
  }

  mutating func take(_ output: String) {
    var rest = output.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": column = 0
      case "\n": feed()
      case "\u{1B}": command(&rest)
      default: put(Character(scalar))
      }
    }
  }

  private mutating func feed() {
    row += 1
    guard row == height else { return }
    row -= 1
    scrolled += 1
    lines.removeFirst()
    lines.append([])
  }

  private mutating func put(_ character: Character) {
    if column == width {
      guard wraps else {
        lines[row][width - 1] = character
        return
      }
      column = 0
      feed()
    }
    while lines[row].count <= column { lines[row].append(" ") }
    lines[row][column] = character
    column += 1
  }

  private mutating func command(_ rest: inout Substring.UnicodeScalarView) {
    guard rest.popFirst() == "[" else { return }
    var argument = ""
    while let scalar = rest.popFirst() {
      guard ("A"..."Z").contains(scalar) || ("a"..."z").contains(scalar) else {
        argument.unicodeScalars.append(scalar)
        continue
      }
      switch (scalar, argument) {
      case ("A", _): row = max(0, row - (Int(argument) ?? 1))
      case ("K", _): lines[row] = Array(lines[row].prefix(min(column, width - 1)))
      case ("J", _):
        lines[row] = Array(lines[row].prefix(column))
        for below in (row + 1)..<max(row + 1, height) { lines[below] = [] }
      case ("h", "?7"): wraps = true
      case ("l", "?7"): wraps = false
      default: break
      }
      return
    }
  }
}

/// `weir` with a terminal of its own, in Debian's `script`.
struct OnTerminal {
  let program: RunningProgram
  let width: Int
  let height: Int

  /// - Parameter besides: shell commands that run at the same time.
  init(_ arguments: String, of place: Place, width: Int, height: Int, with more: [String: String], besides: String = "") throws {
    (self.width, self.height) = (width, height)
    let command = "stty cols \(width) rows \(height); \(besides) exec \(RunningProgram.folder)/weir \(arguments)"
    program = try RunningProgram(
      ["-qec", command, "/dev/null"], environment: place.environment.merging(more) { $1 }, program: "/usr/bin/script")
  }

  var screen: Screen {
    var screen = Screen(width: width, height: height)
    screen.take(program.out)
    return screen
  }

  /// Waits until the screen shows something.
  func wait(_ what: String, _ isThere: @escaping @Sendable ([String]) -> Bool) async throws -> Screen {
    try await program.wait(what, within: .seconds(60), every: .milliseconds(50)) { [self] in
      // what is half written is looked at again
      let screen = screen
      return program.out.hasSuffix("\u{1B}[?25h") && isThere(screen.text) ? screen : nil
    }
  }
}
