/// A curated table is known by its name, and lies where handlers may make one.
struct DatasetTableRule: DatasetRule {
  let id = "dataset-table"
  /// The versions of a table have a number behind its name, their indexes more; PostgreSQL cuts names at 63 bytes.
  static let longest = 48
  /// Weir's own among the curated tables.
  static let reserved = ["curated_versions"]

  func problems(in dataset: DatasetDefinition, source: ManifestSource) -> [Problem] {
    var problems: [Problem] = []
    let place = ManifestPath()["target_table_name"]
    let table = dataset.targetTable
    if !table.hasPrefix("curated_") || table == "curated_" {
      problems.append(
        source.problem(at: place, "\"\(table)\" does not begin with curated_.", hint: "Write such as \"curated_\(dataset.id)\"."))
    } else if !NameSyntax.isName(table) || table.utf8.count > Self.longest {
      problems.append(
        source.problem(
          at: place, "\"\(table)\" cannot be the name of a curated table.",
          hint: "Write curated_, then small letters, digits and \"_\", at most \(Self.longest) in all."))
    } else if Self.reserved.contains(table) || Self.isVersion(table) {
      problems.append(
        source.problem(
          at: place, "\"\(table)\" is the name of one of Weir's own tables.",
          hint: "Names that end in _v and a number are those of versions."))
    }
    if !DatasetDefinition.schemas.contains(dataset.targetSchema) {
      problems.append(
        source.problem(
          at: ManifestPath()["target_schema"], "\"\(dataset.targetSchema)\" is no schema for curated tables.",
          hint: Suggestion.hint("There is", DatasetDefinition.schemas, for: dataset.targetSchema)))
    }
    return problems
  }

  private static func isVersion(_ table: String) -> Bool {
    guard let last = table.split(separator: "_").last, last.first == "v" else { return false }
    return last.count > 1 && last.dropFirst().allSatisfy(\.isNumber)
  }
}
