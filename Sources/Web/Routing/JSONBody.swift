import Workflow

/// The JSON that a request brought.
enum JSONBody {
  /// - Parameter schema: what it must match, as the document says of it.
  /// - Throws: 400 for what is no JSON object, 422 with every mistake.
  static func object(_ body: [UInt8], matching schema: JSON) throws -> JSON {
    let value: JSON
    do {
      value = try JSON(parsing: body, limits: .storable)
    } catch {
      throw Problem(.notJSON, "the body: line \(error.line), column \(error.column): \(error.message)")
    }
    guard case .object = value else { throw Problem(.notJSON, "the body is JSON, but not an object") }
    let problems = try Schema(schema).problems(in: value)
    guard problems.isEmpty else {
      let count = problems.count == 1 ? "1 mistake" : "\(problems.count) mistakes"
      throw Problem(.invalidParameters, "the body has \(count): \(problems[0].message)", errors: problems.map(Problem.mistake))
    }
    return value
  }
}
