import Workflow

/// How long jobs are kept after their end, by workflow.
public struct RetentionRules: Sendable, Hashable {
  private let configured: [String: Duration]

  /// - Parameter configured: by workflow; `*` is for those that neither have an entry nor say it in their manifest.
  public init(_ configured: [String: Duration] = [:]) { self.configured = configured }

  /// Nil: for ever. The operator's word for the workflow counts most, then the workflow's own, then the operator's for all.
  func keeps(_ workflow: String, manifest: Duration?) -> Duration? {
    configured[workflow] ?? manifest ?? configured["*"]
  }
}
