/// What tells versions apart has all that it needs, and what a version must be like can be.
struct DatasetSourceRule: DatasetRule {
  let id = "dataset-source"
  static let most = 50

  func problems(in dataset: DatasetDefinition, source: ManifestSource) -> [Problem] {
    let config = ManifestPath()["source_config"]
    let given = dataset.source
    var problems: [Problem] = []
    func report(_ path: ManifestPath, _ message: String, _ hint: String) { problems.append(source.problem(at: path, message, hint: hint)) }

    let version = config["version"]
    if given.versionBy == .file, given.versionURL == nil {
      report(version["url"], "is missing.", "A version by file needs the file's URL.")
    }
    if given.versionBy == .member, given.versionMatch == nil {
      report(version["match"], "is missing.", "A version by member needs the name of a file in the archive, such as \"*.VERSION.txt\".")
    }
    if given.versionBy == .answer, given.answer?.version == nil {
      report(
        config["answer"], "does not say where the version is.", "Write such as {\"url\": \"/download_url\", \"version\": \"/update_date\"}."
      )
    }
    if given.versionBy == .release,
      dataset.sourceURL.map({ !$0.contains("{YYYY}") || !($0.contains("{Mon}") || $0.contains("{MM}")) }) ?? true
    {
      report(ManifestPath()["source_url"], "names no month.", "A version by release needs {YYYY} and {Mon} or {MM} in the URL.")
    }
    for pointer in [given.answer?.url, given.answer?.version].compactMap({ $0 }) where !pointer.hasPrefix("/") {
      report(config["answer"], "\"\(pointer)\" is not a JSON Pointer.", "Write such as \"/download_url\".")
    }
    for (column, type) in given.types.sorted(by: { $0.key < $1.key }) where !DatasetSource.columnTypes.contains(type) {
      report(
        config["types"][column], "\"\(type)\" is no type of a column.", Suggestion.hint("There are", DatasetSource.columnTypes, for: type))
    }
    let named =
      given.types.keys.sorted().map { ($0, "types") }
      + given.fill.sorted { $0.key < $1.key }.flatMap { fill in
        ([fill.key] + fill.value).map { ($0, "fill") }
      }
    for (column, name) in named where !Self.isColumn(column) {
      report(config[name], "\"\(column)\" is not the name of a column.", "Columns have small letters, digits and \"_\".")
    }
    for (name, columns) in [("key", given.key), ("required", given.required)] {
      for (index, column) in columns.enumerated() where !Self.isColumn(column) {
        report(config[name][index], "\"\(column)\" is not the name of a column.", "Columns have small letters, digits and \"_\".")
      }
    }
    if dataset.updateStrategy == .upsert, given.key.isEmpty {
      report(config["key"], "is missing.", "update_strategy upsert needs the columns that no two rows have alike.")
    }
    let rows = config["rows"]
    if given.leastRows < 0 { report(rows["least"], "is below 0.", "Write a whole number from 0.") }
    if let most = given.mostRows, most < given.leastRows { report(rows["most"], "is less than least.", "Write the larger number as most.") }
    if !(0...Self.most).contains(dataset.keepVersions) {
      report(
        ManifestPath()["keep_versions"], "\(dataset.keepVersions) is not from 0 to \(Self.most).", "3 are kept unless this says otherwise.")
    }
    return problems
  }

  static func isColumn(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 60
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "_")
      }
  }
}
