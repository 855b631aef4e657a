/// What was reported of a plugin's own domain in one job, and what its manifest says of that.
public struct DomainReport: Sendable {
  /// One metric at the stages of the job that are open.
  public struct Stage: Sendable {
    public var handler: String
    /// What its running tasks say they have done, in their handler's unit.
    public var live: Double
    /// By metric, what winning attempts had reported at moments since the stage opened.
    public var history: [String: [WorkSample]]

    public init(handler: String, live: Double, history: [String: [WorkSample]] = [:]) {
      self.handler = handler
      self.live = live
      self.history = history
    }
  }

  public var plugin: String
  public var declarations: [MetricDeclaration]
  /// By metric, over the whole job: decimal text.
  public var exact: [String: String]
  public var stages: [Stage]

  public init(plugin: String, declarations: [MetricDeclaration], exact: [String: String], stages: [Stage]) {
    self.plugin = plugin
    self.declarations = declarations
    self.exact = exact
    self.stages = stages
  }

  /// In the order of the manifest: what was reported, and bars whose total is known. A total that has a bar is not there by itself.
  public var figures: [DomainFigure] {
    let totals = Set(declarations.compactMap(\.of))
    return declarations.filter { !totals.contains($0.name) }.compactMap(figure)
  }

  private func figure(_ declaration: MetricDeclaration) -> DomainFigure? {
    let live = declaration.live.map { handler in stages.filter { $0.handler == handler }.reduce(0) { $0 + $1.live } } ?? 0
    let total = declaration.of.flatMap { exact[$0] }.flatMap(Double.init)
    let value = exact[declaration.name].flatMap(Double.init)
    guard value != nil || live > 0 || total != nil else { return nil }
    let sum = (value ?? 0) + live
    return DomainFigure(
      plugin: plugin, name: declaration.name, label: declaration.label ?? declaration.name, unit: declaration.unit,
      // a task that says it did more than there is has miscounted; the bar is full all the same
      value: total.map { live > 0 ? max(value ?? 0, min(sum, $0)) : sum } ?? sum, exact: exact[declaration.name], total: total,
      rate: declaration.hasRate ? rate(of: declaration.name) : nil)
  }

  private func rate(of name: String) -> Double? {
    let rates = stages.compactMap { $0.history[name] }.compactMap { Rate(WorkHistory($0))?.perSecond }
    return rates.isEmpty ? nil : rates.reduce(0, +)
  }
}
