import Workflow

/// A job's card as lines of text: one for the job, one for each metric of its domain.
struct CardLines {
  private static let barWidth = 24
  private static let sparks = Array("▁▂▃▄▅▆▇█")

  /// As `/api/jobs/ID/progress` gives it.
  let card: JSON

  private var tasks: JSON { card["tasks"] ?? .null }
  private func count(_ name: String) -> Int { tasks[name]?.intValue ?? 0 }
  private var isFinal: Bool { card["state"]?.stringValue.flatMap(JobState.init(rawValue:))?.isFinal ?? false }

  /// `[######!.....]  52 %  120 tasks/s ▂▃▅  12–18 min left`; what is not known is not there.
  var parts: [String] {
    var parts = [bar + " " + percent]
    if !isFinal {
      if let rate = card["rate"]?.doubleValue.flatMap(Quantity.rate) { parts.append(rate + spark) }
      if let eta = eta { parts.append(eta) }
    }
    if count("failed") > 0 { parts.append("\(Quantity.text(count("failed"))) failed") }
    if count("retrying") > 0 { parts.append("\(Quantity.text(count("retrying"))) retrying") }
    return parts
  }

  /// What its plugins declare: a bar where there is a total, with a rate if it has one.
  var domain: [String] {
    (card["domain"]?.arrayValue ?? []).map { figure in
      let value = figure["value"]?.doubleValue ?? 0
      var text = figure["label"]?.stringValue ?? ""
      if let total = figure["total"]?.doubleValue {
        text += ": \(Self.bar(total > 0 ? min(1, value / total) : 0, failed: 0)) \(quantity(value, figure)) of \(quantity(total, figure))"
      } else {
        text += ": \(quantity(value, figure))"
      }
      if let unit = unit(figure) { text += " \(unit)" }
      if let rate = figure["rate"]?.doubleValue { text += ", \(quantity(rate, figure))\(unit(figure).map { " \($0)" } ?? "")/s" }
      return text
    }
  }

  /// Nil where nothing is to be told.
  var eta: String? {
    guard let eta = card["eta"], let text = eta["text"]?.stringValue, !text.isEmpty else { return nil }
    switch eta["state"]?.stringValue {
    case "band": return "\(text) left"
    case "unknown": return "time left unknown"
    default: return text
    }
  }

  private var percent: String {
    let share = card["progress"]?.doubleValue ?? 0
    return "\(Int((share * 100).rounded(.down)))".leftPadded(to: 3) + " %"
  }

  private var bar: String {
    let total = Double(max(1, count("total")))
    return Self.bar(card["progress"]?.doubleValue ?? 0, failed: Double(count("failed")) / total)
  }

  private static func bar(_ share: Double, failed: Double) -> String {
    let filled = min(barWidth, Int(share * Double(barWidth)))
    let bad = failed > 0 ? min(max(1, Int(failed * Double(filled))), filled) : 0
    return "[" + String(repeating: "#", count: filled - bad) + String(repeating: "!", count: bad)
      + String(repeating: " ", count: barWidth - filled) + "]"
  }

  private var spark: String {
    let rates = (card["sparkline"]?.arrayValue ?? []).compactMap(\.doubleValue).suffix(15)
    guard let most = rates.max(), most > 0, rates.count > 1 else { return "" }
    return " " + String(rates.map { Self.sparks[min(Self.sparks.count - 1, Int($0 / most * Double(Self.sparks.count - 1)))] })
  }

  private func unit(_ figure: JSON) -> String? { figure["unit"]?.stringValue.flatMap { $0 == "bytes" ? nil : $0 } }

  private func quantity(_ value: Double, _ figure: JSON) -> String {
    if figure["unit"]?.stringValue == "bytes" { return Quantity.bytes(Int(min(value, 9e18))) }
    if value >= 10 || value == value.rounded() { return Quantity.text(Int(min(max(value.rounded(), -9e18), 9e18))) }
    return "\((value * 100).rounded() / 100)"
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
