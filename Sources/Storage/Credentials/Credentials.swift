public import Workflow

/// The credentials that the configuration names, with their secrets where they are kept.
public struct Credentials: Sendable {
  private let all: [String: Credential]

  /// Nothing is read yet: a missing variable or file shows at the first use.
  public init(_ settings: [String: CredentialSetting] = [:], environment: [String: String] = [:]) {
    all = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, Credential(name: $0.key, $0.value, environment: environment)) })
  }

  public var names: [String] { all.keys.sorted() }

  /// Nil when the configuration names none so.
  public subscript(name: String) -> Credential? { all[name] }
}
