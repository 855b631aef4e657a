/// A workflow and what its rules ask about it.
public struct WorkflowContext: Sendable {
  public let definition: WorkflowDefinition
  public let source: ManifestSource
  /// Nil: not known, and what depends on them is not checked.
  public let handlers: HandlerCatalogue?
  private let positions: [String: Int]
  private let before: [StageSet]

  public init(definition: WorkflowDefinition, source: ManifestSource, handlers: HandlerCatalogue?) {
    self.definition = definition
    self.source = source
    self.handlers = handlers
    self.positions = Dictionary(definition.stages.enumerated().map { ($1.id, $0) }) { first, _ in first }
    self.before = StageSet.ancestors(of: definition.stages, positions: positions)
  }

  var stages: [StageDefinition] { definition.stages }
  var stageIDs: [String] { stages.map(\.id) }

  /// The position of the first stage of that id.
  func position(of id: String) -> Int? { positions[id] }
  func stage(_ id: String) -> StageDefinition? { positions[id].map { stages[$0] } }

  /// Whether the stage of that id has ended before the other one begins: that one needs it, directly or through others.
  func stage(_ id: String, isBefore other: Int) -> Bool { positions[id].map { before[other].contains($0) } ?? false }

  func ancestors(of position: Int) -> [StageDefinition] {
    stages.indices.filter { before[position].contains($0) }.map { stages[$0] }
  }

  func path(_ stage: Int) -> ManifestPath { ManifestPath()["stages"][stage] }

  func problem(at path: ManifestPath, _ message: String, hint: String? = nil) -> Problem {
    source.problem(at: path, message, hint: hint)
  }

  /// Every expression of a stage: where it stands, and whether it is decided for the stage as a whole.
  func slots(of position: Int) -> [(path: ExpressionPath, place: ManifestPath, isForStage: Bool)] {
    let stage = stages[position]
    let root = path(position)
    var slots: [(path: ExpressionPath, place: ManifestPath, isForStage: Bool)] = []
    func add(_ template: Template, at place: ManifestPath) {
      slots += template.slots.map { ($0.path, place + $0.place, true) }
    }
    slots += (stage.when?.slots ?? []).map { ($0.path, root["when"] + $0.place, true) }
    if case .array(let template)? = stage.forEach?.source { add(template, at: root["for_each"]["array"]) }
    if case .expression(let template)? = stage.forEach?.batch { add(template, at: root["for_each"]["batch"]) }
    slots += stage.params.slots.map { ($0.path, root["params"] + $0.place, false) }
    return slots
  }
}
