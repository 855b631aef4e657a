/// One credential of the configuration: its parts by name, secrets only by where they are found.
///
///     {"key_id": "AKIA...", "secret": {"env": "CEPH_SECRET"}, "session_token": {"file": "/run/secrets/token"}}
public struct CredentialSetting: Sendable, Hashable {
  /// Where a part's text comes from.
  public enum Source: Sendable, Hashable {
    /// In the configuration itself: only what is no secret.
    case text(String)
    /// A variable of the host's environment.
    case environment(String)
    /// A file that the host can read, without the line break at its end; read again when it changes.
    case file(String)
  }

  /// Parts that are no secret, and may stand in the configuration as they are.
  public static let plain: Set<String> = ["key_id", "account", "user"]
  /// All parts that some use of a credential knows.
  public static let known: [String] = [
    "key_id", "secret", "session_token", "account", "account_key", "sas", "user", "password", "token", "header",
    "signing_key",
  ]

  public var parts: [String: Source]

  public init(_ parts: [String: Source]) { self.parts = parts }

  /// Nil if it is none.
  init?(_ json: JSON) {
    guard let object = json.objectValue, !object.isEmpty else { return nil }
    parts = [:]
    for (name, value) in object.members {
      guard Self.known.contains(name), let source = Source(value, mayBePlain: Self.plain.contains(name)) else { return nil }
      parts[name] = source
    }
  }

  public var json: JSON { .object(JSONObject(parts.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })) }
}

extension CredentialSetting.Source {
  fileprivate init?(_ json: JSON, mayBePlain: Bool) {
    if let text = json.stringValue, mayBePlain, !text.isEmpty {
      self = .text(text)
      return
    }
    guard let object = json.objectValue, object.count == 1, let place = object.members.first, let name = place.value.stringValue,
      !name.isEmpty
    else { return nil }
    switch place.key {
    case "env": self = .environment(name)
    case "file": self = .file(name)
    default: return nil
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .text(let text): .string(text)
    case .environment(let name): ["env": .string(name)]
    case .file(let path): ["file": .string(path)]
    }
  }
}
