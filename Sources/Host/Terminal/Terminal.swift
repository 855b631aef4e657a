import Glibc

/// What a person sees: lines on stdout, and one block that is drawn again in place when stdout is a terminal.
struct Terminal {
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  private var repaint = Repaint()

  /// On a terminal without control characters; a file gets the text as it is.
  static func print(_ text: String) {
    let shown =
      isTerminal ? text.split(separator: "\n", omittingEmptySubsequences: false).map { Cells.shown($0) }.joined(separator: "\n") : text
    var bytes = Array((shown + "\n").utf8)
    write(&bytes)
  }

  static func printError(_ text: String) {
    var bytes = Array((text + "\n").utf8)
    _ = Glibc.write(STDERR_FILENO, &bytes, bytes.count)
  }

  /// Draws the lines over those drawn before; on what is no terminal it draws nothing.
  mutating func draw(_ lines: [String]) {
    guard Self.isTerminal else { return }
    let (width, height) = Self.size
    var bytes = Array(repaint.text(lines, width: width, height: height).utf8)
    Self.write(&bytes)
  }

  /// Letters in a line, if stdout is a terminal.
  static var width: Int? { isTerminal ? size.width : nil }

  /// Letters in a line of the terminal, and its lines.
  private static var size: (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
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
