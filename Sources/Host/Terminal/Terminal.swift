import Glibc

/// What a person sees: lines on stdout, and one block that is drawn again in place when stdout is a terminal.
struct Terminal {
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  private var drawn = 0

  static func print(_ text: String) {
    var bytes = Array((text + "\n").utf8)
    write(&bytes)
  }

  static func printError(_ text: String) {
    var bytes = Array((text + "\n").utf8)
    _ = Glibc.write(STDERR_FILENO, &bytes, bytes.count)
  }

  /// Draws the lines over those drawn before; on what is no terminal it draws nothing.
  mutating func draw(_ lines: [String]) {
    guard Self.isTerminal else { return }
    // a line that wraps would be two, and the next drawing would begin too low
    let width = Self.width
    var text = drawn > 0 ? "\u{1B}[\(drawn)A" : ""
    for line in lines { text += "\u{1B}[2K\(line.prefix(width))\n" }
    if drawn > lines.count { text += "\u{1B}[J" }
    drawn = lines.count
    var bytes = Array(text.utf8)
    Self.write(&bytes)
  }

  /// Letters in a line of the terminal.
  private static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static func write(_ bytes: inout [UInt8]) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress! + start, $0.count - start) }
      guard count > 0 else { return }
      start += count
    }
  }
}
