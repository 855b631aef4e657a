/// The two digits a byte of `bytea`'s hex form.
enum Hexadecimal {
  static func append(_ bytes: [UInt8], to buffer: inout [UInt8]) {
    let start = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: 2 * bytes.count))
    buffer.withUnsafeMutableBufferPointer { target in
      for (index, byte) in bytes.enumerated() {
        target[start + 2 * index] = digit(byte >> 4)
        target[start + 2 * index + 1] = digit(byte & 15)
      }
    }
  }

  /// The bytes of `\x...`; nil when it is not that.
  static func bytes(of text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x") else {
      return nil
    }
    var isHex = true
    let result = [UInt8](unsafeUninitializedCapacity: text.count / 2 - 1) { target, count in
      for index in stride(from: 2, to: text.count, by: 2) {
        guard let high = value(text[index]), let low = value(text[index + 1]) else {
          isHex = false
          return
        }
        target[count] = high << 4 | low
        count += 1
      }
    }
    return isHex ? result : nil
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
