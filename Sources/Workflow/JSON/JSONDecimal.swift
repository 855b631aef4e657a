/// The exact value of a JSON number: 0.DIGITS times ten to the power of `point`.
///
/// Exponents beyond plus or minus 10^15 count as that.
struct JSONDecimal: Hashable {
  let isNegative: Bool
  /// Values 0 to 9 without zeros at either end; empty for zero.
  let digits: [UInt8]
  let point: Int

  init(_ text: String) {
    var digits: [UInt8] = []
    var isNegative = false
    var fraction = 0
    var seenPoint = false
    var exponent: Int?
    var isExponentNegative = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "-"):
        if exponent == nil { isNegative = true } else { isExponentNegative = true }
      case UInt8(ascii: "."): seenPoint = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"): exponent = 0
      case UInt8(ascii: "+"): break
      default:
        if let value = exponent {
          exponent = min(value * 10 + Int(byte &- 0x30), 1_000_000_000_000_000)
        } else {
          digits.append(byte &- 0x30)
          if seenPoint { fraction += 1 }
        }
      }
    }
    let power = exponent.map { isExponentNegative ? -$0 : $0 } ?? 0
    let whole = digits.count - fraction
    let leading = digits.firstIndex { $0 != 0 } ?? digits.count
    digits.removeFirst(leading)
    while digits.last == 0 { digits.removeLast() }
    self.digits = digits
    self.isNegative = isNegative && !digits.isEmpty
    self.point = digits.isEmpty ? 0 : whole - leading + power
  }

  var isZero: Bool { digits.isEmpty }

  /// The power of ten of the last digit: the value is DIGITS times ten to the power of this.
  var scale: Int { point - digits.count }

  var isWhole: Bool { scale >= 0 || isZero }

  var int: Int? {
    guard isWhole, point <= 19 else { return nil }
    var value = 0
    for index in 0..<max(point, 0) {
      let digit = index < digits.count ? Int(digits[index]) : 0
      let (tens, tooBig) = value.multipliedReportingOverflow(by: 10)
      let (next, tooBigToo) = tens.addingReportingOverflow(isNegative ? -digit : digit)
      if tooBig || tooBigToo { return nil }
      value = next
    }
    return value
  }

  func compare(to other: JSONDecimal) -> Int {
    if isNegative != other.isNegative { return isNegative ? -1 : 1 }
    let magnitudes = compareMagnitude(to: other)
    return isNegative ? -magnitudes : magnitudes
  }

  private func compareMagnitude(to other: JSONDecimal) -> Int {
    if isZero || other.isZero { return isZero ? (other.isZero ? 0 : -1) : 1 }
    if point != other.point { return point < other.point ? -1 : 1 }
    for (left, right) in zip(digits, other.digits) where left != right { return left < right ? -1 : 1 }
    return digits.count == other.digits.count ? 0 : digits.count < other.digits.count ? -1 : 1
  }

  /// Whether the value is a whole multiple of `divisor`, exactly; nil when the divisor has more than 18 digits.
  func isMultiple(of divisor: JSONDecimal) -> Bool? {
    guard divisor.digits.count <= 18, !divisor.isZero else { return nil }
    if isZero { return true }
    let shift = scale - divisor.scale
    // The digits end in no zero, so they are no multiple of anything times ten.
    if shift < 0 { return false }
    let modulus = divisor.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
    let rest = digits.reduce(UInt64(0)) { ($0.modular(times: 10, modulus) + UInt64($1)) % modulus }
    return rest.modular(times: UInt64(10).modular(power: shift, modulus), modulus) == 0
  }
}

extension UInt64 {
  fileprivate func modular(times factor: UInt64, _ modulus: UInt64) -> UInt64 {
    modulus.dividingFullWidth((self % modulus).multipliedFullWidth(by: factor % modulus)).remainder
  }

  fileprivate func modular(power: Int, _ modulus: UInt64) -> UInt64 {
    var result = 1 % modulus
    var square = self % modulus
    var power = power
    while power > 0 {
      if power & 1 == 1 { result = result.modular(times: square, modulus) }
      square = square.modular(times: square, modulus)
      power >>= 1
    }
    return result
  }
}
