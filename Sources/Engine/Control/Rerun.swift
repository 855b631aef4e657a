/// How a job is run again as another one.
public struct Rerun: Sendable, Hashable {
  /// Which version of the workflow runs.
  public enum Version: String, Sendable, CaseIterable {
    /// The one that the job had.
    case pinned
    case newest
  }

  /// Where it begins: stages before it are taken over with their results and items. Nil: everything runs anew.
  public var from: String?
  public var version: Version

  public init(from: String? = nil, version: Version = .pinned) {
    self.from = from
    self.version = version
  }
}
