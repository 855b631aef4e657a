public import Workflow

/// The credentials that the configuration names, with their secrets where they are kept.
public struct Credentials: Sendable {
  private let all: [String: Credential]

  /// Nothing is read yet: a missing variable or file shows at the first use.
  public init(_ settings: [String: CredentialSetting] = [:], environment: [String: String] = [:]) {
    all = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, Credential(name: $0.key, $0.value, environment: environment)) })
  }

  public var names: [String] { all.keys.sorted() }

  /// The credential that a container's URL names, if it names one.
  /// - Throws: `.invalid` when the configuration has none of that name.
  func find(_ name: String?, for container: String) throws(StorageError) -> Credential? {
    guard let name else { return nil }
    if let credential = all[name] { return credential }
    let known = names.isEmpty ? "has none" : "has \(names.joined(separator: ", "))"
    throw StorageError(.invalid("there is no credential \"\(name)\"; the configuration \(known)"), container)
  }

  /// Nil when the configuration names none so.
  public subscript(name: String) -> Credential? { all[name] }
}
