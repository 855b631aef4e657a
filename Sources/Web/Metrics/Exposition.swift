/// Metrics as Prometheus reads them: the text format 0.0.4.
///
/// Names have the base unit as their last word, counters end in `_total`; a label's values are few and known beforehand.
struct Exposition: Sendable {
  enum Kind: String, Sendable { case counter, gauge }

  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) var text = ""

  /// One family: its help, its type and its values; nothing at all when there is none.
  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ values: [(labels: [(String, String)], value: Double)]) {
    guard !values.isEmpty else { return }
    text += "# HELP \(name) \(Self.escaped(help, quote: false))\n# TYPE \(name) \(kind.rawValue)\n"
    for (labels, value) in values {
      let listed = labels.map { "\($0.0)=\"\(Self.escaped($0.1, quote: true))\"" }.joined(separator: ",")
      text += name + (listed.isEmpty ? "" : "{\(listed)}") + " \(Self.number(value))\n"
    }
  }

  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double?) {
    add(name, kind, help, value.map { [([], $0)] } ?? [])
  }

  private static func number(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return "\(whole)" }
    return value.isFinite ? "\(value)" : value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf"
  }

  private static func escaped(_ text: String, quote: Bool) -> String {
    var escaped = ""
    for letter in text {
      switch letter {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quote: escaped += "\\\""
      default: escaped.append(letter)
      }
    }
    return escaped
  }
}
