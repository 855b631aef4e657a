extension ExpressionPath {
  private static let form =
    "Write names with \".\" between them and \"[0]\" for an element, such as ${params.years[0]}."

  /// - Parameter text: what stands between `${` and `}`.
  init(parsing text: Substring) throws(TemplateError.Fault) {
    let expression = "\"${\(text)}\""
    let roots = ExpressionRoot.allCases.map(\.rawValue)
    guard !text.isEmpty else {
      throw TemplateError.Fault("\(expression) names nothing.", hint: "An expression begins with \(roots.listed("or")).")
    }
    guard let segments = Self.segments(of: text), case .member(let first)? = segments.first else {
      throw TemplateError.Fault("\(expression) is not a path.", hint: Self.form)
    }
    guard let root = ExpressionRoot(rawValue: first) else {
      throw TemplateError.Fault(
        "\(expression): there is no \"\(first)\" to read.",
        hint: Suggestion.hint("There are", roots, for: first))
    }
    self.init(root, Array(segments.dropFirst()))
    try checkShape(expression)
  }

  private func checkShape(_ expression: String) throws(TemplateError.Fault) {
    switch root {
    case .stages:
      guard stage != nil, rest.count > 1, case .member(let part) = rest[1], part == "result" || part == "totals" else {
        throw TemplateError.Fault(
          "\(expression): a stage has result and totals.", hint: "Write ${stages.ID.result} or ${stages.ID.totals.FIELD}.")
      }
    case .job:
      let known = ["id", "workflow", "dedup_key"]
      if let segment = rest.first, segment != .member(firstMember ?? "") || !known.contains(firstMember ?? "") {
        throw TemplateError.Fault("\(expression): a job has \(known.listed()).", hint: "Write ${job.id}.")
      }
    case .index:
      if !rest.isEmpty {
        throw TemplateError.Fault("\(expression): index is a number and has no parts.", hint: "Write ${index}.")
      }
    case .params, .item, .items: break
    }
  }

  /// Nil when the text is not a path.
  private static func segments(of text: Substring) -> [Segment]? {
    var segments: [Segment] = []
    var rest = text.utf8
    while let first = rest.first {
      if first == UInt8(ascii: "[") {
        let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let index = Int(Substring(digits)), rest.dropFirst(1 + digits.count).first == UInt8(ascii: "]") else {
          return nil
        }
        segments.append(.element(index))
        rest = rest.dropFirst(digits.count + 2)
      } else {
        if !segments.isEmpty {
          guard first == UInt8(ascii: ".") else { return nil }
          rest = rest.dropFirst()
        }
        let name = rest.prefix(while: isNameByte)
        guard !name.isEmpty else { return nil }
        segments.append(.member(String(Substring(name))))
        rest = rest.dropFirst(name.count)
      }
    }
    return segments
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"), 0x80...:
      true
    default: false
    }
  }
}
