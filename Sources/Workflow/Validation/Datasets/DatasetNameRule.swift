struct DatasetNameRule: DatasetRule {
  let id = "dataset-name"

  func problems(in dataset: DatasetDefinition, source: ManifestSource) -> [Problem] {
    var problems: [Problem] = []
    if !NameSyntax.isName(dataset.id) {
      problems.append(source.problem(at: ManifestPath()["dataset_id"], "\"\(dataset.id)\" is not a name.", hint: NameSyntax.nameHint))
    }
    for (key, text, most) in [
      ("name", dataset.name, 100), ("description", dataset.description ?? "-", 2_000), ("license", dataset.license ?? "-", 500),
      ("attribution", dataset.attribution ?? "-", 2_000),
    ] where text.isEmpty || text.unicodeScalars.count > most {
      problems.append(
        source.problem(
          at: ManifestPath()[key], text.isEmpty ? "is empty." : "is longer than \(most) characters.",
          hint: "Write 1 to \(most) characters, or leave out what need not be there."))
    }
    if !NameSyntax.isName(dataset.jobType) {
      problems.append(
        source.problem(
          at: ManifestPath()["job_type"], "\"\(dataset.jobType)\" is not the name of a workflow.",
          hint: "The workflow that comes with Weir is \(DatasetDefinition.updateWorkflow)."))
    }
    return problems
  }
}
