/// Checks manifests: the same rules for files, the API, `weir validate` and the builder.
public enum Validator {
  public static let workflowRules: [any ValidationRule] = [
    WorkflowNameRule(), StageCountRule(), StageIDRule(), NeedsRule(), CycleRule(), HandlerRule(), FanOutSourceRule(), StageReachRule(),
    ParameterReachRule(), ItemReachRule(), ParameterSchemaRule(), StageParamsRule(), ParamTypeRule(), BatchRule(), RetryRule(),
    TimeoutRule(), MaxParallelRule(), FailureBudgetRule(), TotalsRule(), IfSkippedRule(),
  ]

  public static let pluginRules: [any PluginRule] = [
    PluginNameRule(), PluginVersionRule(), PluginABIRule(), PluginLibraryRule(), PluginHandlersRule(), PluginGrantsRule(),
    PluginMetricsRule(),
  ]

  public static let datasetRules: [any DatasetRule] = [
    DatasetNameRule(), DatasetTableRule(), DatasetURLRule(), DatasetSourceRule(), DatasetScheduleRule(),
  ]

  /// Reads and checks a workflow: the definition, or every problem by place.
  /// - Parameter handlers: nil when they are not known; then nothing is checked that depends on them, and the caller
  ///   says so.
  public static func workflow(
    bytes: [UInt8], file: String, handlers: HandlerCatalogue?
  ) -> LoadedManifest<WorkflowDefinition> {
    WorkflowDefinition.load(bytes: bytes, file: file).checked { definition, text in
      problems(in: definition, source: ManifestSource(text: text), handlers: handlers)
    }
  }

  /// Reads and checks a plugin's manifest: the manifest, or every problem by place.
  public static func plugin(bytes: [UInt8], file: String) -> LoadedManifest<PluginManifest> {
    PluginManifest.load(bytes: bytes, file: file).checked { manifest, text in
      problems(in: manifest, source: ManifestSource(text: text))
    }
  }

  /// Reads and checks a dataset: the definition, or every problem by place.
  public static func dataset(bytes: [UInt8], file: String) -> LoadedManifest<DatasetDefinition> {
    DatasetDefinition.load(bytes: bytes, file: file).checked { dataset, text in
      let source = ManifestSource(text: text)
      return datasetRules.flatMap { $0.problems(in: dataset, source: source) }.sorted()
    }
  }

  /// What is wrong with a definition, by place; empty when nothing is.
  public static func problems(
    in workflow: WorkflowDefinition, source: ManifestSource, handlers: HandlerCatalogue?
  ) -> [Problem] {
    guard workflow.stages.count <= StageCountRule.most else {
      let first = WorkflowDefinition(name: workflow.name, stages: workflow.stages)
      return StageCountRule().problems(in: WorkflowContext(definition: first, source: source, handlers: nil))
    }
    let context = WorkflowContext(definition: workflow, source: source, handlers: handlers)
    return workflowRules.flatMap { $0.problems(in: context) }.sorted()
  }

  /// What is wrong with a plugin's manifest, by place; empty when nothing is.
  public static func problems(in plugin: PluginManifest, source: ManifestSource) -> [Problem] {
    pluginRules.flatMap { $0.problems(in: plugin, source: source) }.sorted()
  }
}
