/// Cuts what a plugin writes to stdout or stderr into lines of bounded length, with invalid UTF-8 replaced.
struct LineSplitter {
  let longest: Int
  private var pending: [UInt8] = []
  private var isSkipping = false

  init(longest: Int) {
    self.longest = longest
  }

  mutating func take(_ bytes: UnsafeRawBufferPointer, _ line: (String) -> Void) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        flush(line)
        isSkipping = false
      } else if pending.count == longest {
        if !isSkipping { flush(line, cut: true) }
        isSkipping = true
      } else if !isSkipping {
        pending.append(byte)
      }
    }
  }

  /// What stands without a line's end.
  mutating func flush(_ line: (String) -> Void) {
    flush(line, cut: false)
  }

  private mutating func flush(_ line: (String) -> Void, cut: Bool) {
    if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
    if pending.isEmpty { return }
    let text = String(decoding: pending, as: UTF8.self).replacing("\0", with: "\u{FFFD}")
    line(cut ? text + " … (cut)" : text)
    pending.removeAll(keepingCapacity: true)
  }
}
