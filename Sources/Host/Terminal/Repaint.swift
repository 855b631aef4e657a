/// Writes a block of lines over the one before, whatever became of the terminal in between. Decides only.
struct Repaint {
  private static let (hide, show) = ("\u{1B}[?25l", "\u{1B}[?25h")
  /// A line that is wider than it was counted is cut, and does not become two.
  private static let (cut, wrap) = ("\u{1B}[?7l", "\u{1B}[?7h")
  private static let (eraseLine, eraseBelow) = ("\u{1B}[K", "\u{1B}[J")

  /// How wide each line of the block is that stands there.
  private var drawn: [Int] = []

  /// What to write, at once. Each line is written before what is left of the old one is erased, so that nothing flickers.
  mutating func text(_ lines: [String], width: Int, height: Int) -> String {
    // the cursor stands below the block, and what is above the first line cannot be reached
    let rows = max(1, height - 1)
    var lines = lines.map { String(Cells.prefix(Cells.shown($0), width)) }
    if lines.count > rows {
      let left = lines.count - rows + 1
      lines = lines.prefix(rows - 1) + [String(Cells.prefix("… \(left) more lines", width))]
    }
    // in a terminal that has become narrower a line of before may be two now
    let above = min(rows, drawn.reduce(0) { $0 + max(1, ($1 + width - 1) / width) })
    var text = Self.hide + Self.cut
    if above > 0 { text += "\r\u{1B}[\(above)A" }
    for line in lines {
      // on a full line the cursor stands upon its last letter
      text += line + (Cells.count(line) < width ? Self.eraseLine : "") + "\n"
    }
    drawn = lines.map(Cells.count)
    return text + Self.eraseBelow + Self.wrap + Self.show
  }
}
