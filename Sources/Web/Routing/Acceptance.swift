/// Which of several forms an answer is to have, as a header such as `Accept: text/html, application/json;q=0.5` says it.
/// - Source: RFC 9110, section 12.5.1.
struct Acceptance {
  private struct Range {
    var type: String
    var parameters: [String]
    var quality: Double

    /// How exactly it means a form; nil: it does not.
    func precision(for offer: Range) -> Int? {
      guard parameters.allSatisfy({ offer.parameters.contains($0) }) else { return nil }
      if type == offer.type { return 2 + parameters.count }
      if type == "*/*" { return 0 }
      return type.hasSuffix("/*") && offer.type.hasPrefix(type.dropLast()) ? 1 : nil
    }
  }

  private let ranges: [Range]

  /// - Parameter header: nil or blank: anything.
  init(_ header: String?) {
    let parts = (header ?? "").split(separator: ",").map(Self.range).filter { !$0.type.isEmpty }
    ranges = parts.isEmpty ? [Range(type: "*/*", parameters: [], quality: 1)] : parts
  }

  /// The offer that is wanted most, the first of those wanted alike; nil: none is.
  func choose(_ offers: [String]) -> String? {
    var best: (offer: String, quality: Double)?
    for offer in offers {
      let form = Self.range(offer[...])
      let fitting = ranges.compactMap { range in range.precision(for: form).map { (precision: $0, quality: range.quality) } }
      guard let closest = fitting.max(by: { $0.precision < $1.precision }), closest.quality > (best?.quality ?? 0) else { continue }
      best = (offer, closest.quality)
    }
    return best?.offer
  }

  private static func range(_ text: Substring) -> Range {
    let parts = text.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.lowercased() }
    let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
    return Range(type: parts.first ?? "", parameters: parts.dropFirst().filter { !$0.hasPrefix("q=") }, quality: quality)
  }
}
