/// A colour as styles write it, taken apart: SLD has opacity beside it.
struct StyleColor: Hashable {
  /// `#rrggbb`.
  var hex: String
  var opacity: Double

  private static let names = [
    "black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000", "blue": "#0000ff", "yellow": "#ffff00",
    "gray": "#808080", "grey": "#808080", "silver": "#c0c0c0", "orange": "#ffa500", "purple": "#800080", "navy": "#000080",
    "teal": "#008080", "olive": "#808000", "maroon": "#800000", "lime": "#00ff00", "aqua": "#00ffff", "fuchsia": "#ff00ff",
  ]

  /// Nil for what is written in another way than `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb()`, `rgba()` or by a common name.
  init?(_ text: String) {
    let text = text.lowercased()
    if let hex = Self.names[text] {
      self.init(hex: hex, opacity: 1)
    } else if text == "transparent" {
      self.init(hex: "#000000", opacity: 0)
    } else if text.hasPrefix("#") {
      self.init(digits: text.dropFirst())
    } else {
      self.init(function: text)
    }
  }

  private init(hex: String, opacity: Double) {
    self.hex = hex
    self.opacity = opacity
  }

  private init?(digits: Substring) {
    guard digits.allSatisfy(\.isHexDigit) else { return nil }
    let long = digits.count <= 4 ? digits.map { "\($0)\($0)" }.joined() : String(digits)
    guard long.utf8.count == 6 || long.utf8.count == 8 else { return nil }
    hex = "#\(long.prefix(6))"
    opacity = long.utf8.count == 8 ? Double(Int(long.suffix(2), radix: 16) ?? 255) / 255 : 1
  }

  private init?(function: String) {
    guard function.hasSuffix(")"), let name = ["rgb(", "rgba("].first(where: { function.hasPrefix($0) }) else { return nil }
    self.init(parts: function.dropFirst(name.count).dropLast())
  }

  private init?(parts: Substring) {
    let numbers = parts.split { ", ".contains($0) }.map { Double($0) }
    guard numbers.count == 3 || numbers.count == 4, !numbers.contains(nil) else { return nil }
    let values = numbers.compactMap(\.self)
    guard values.prefix(3).allSatisfy({ (0...255).contains($0) }), values.count == 3 || (0...1).contains(values[3]) else { return nil }
    hex = "#" + values.prefix(3).map { value in (value < 15.5 ? "0" : "") + String(Int(value.rounded()), radix: 16) }.joined()
    opacity = values.count == 4 ? values[3] : 1
  }
}
