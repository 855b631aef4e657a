import Workflow

/// A figure that a plugin declares: its value, and a bar and a rate where there are such.
struct DomainPart: Sendable {
  var figure: DomainFigure

  var html: HTML {
    let words = "\(figure.label): \(value)"
    return """
      <li><span class="meta">\(figure.label)</span> <span class="value">\(value)</span>\
      \(figure.fraction.map { SegmentedBar($0, words: words).html })</li>
      """
  }

  private var value: String {
    let number: String
    if let total = figure.total {
      number = "\(Quantity.text(figure.value, unit: isBytes ? "bytes" : nil)) of \(Quantity.text(total, unit: figure.unit))"
    } else {
      number = Quantity.text(figure.value, unit: figure.unit)
    }
    return figure.rate.map { "\(number), \(Quantity.rate($0, of: figure.unit ?? figure.label.lowercased()))" } ?? number
  }

  private var isBytes: Bool { figure.unit == "bytes" || figure.unit == "B" }
}
