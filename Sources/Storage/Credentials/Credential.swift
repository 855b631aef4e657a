internal import Workflow

/// One credential. Its parts are looked up at each use, so that a file that is renewed counts at once; they are never shown.
public struct Credential: Sendable {
  public let name: String
  private let parts: [String: Part]

  private enum Part: Sendable {
    case text(String)
    case missing(variable: String)
    case file(SecretFile)
  }

  init(name: String, _ setting: CredentialSetting, environment: [String: String]) {
    self.name = name
    parts = setting.parts.mapValues { source in
      switch source {
      case .text(let text): .text(text)
      case .environment(let variable): environment[variable].map { .text($0) } ?? .missing(variable: variable)
      case .file(let path): .file(SecretFile(path))
      }
    }
  }

  public var partNames: [String] { parts.keys.sorted() }

  /// Nil when the configuration gives it no such part.
  /// - Throws: `.denied` naming the variable or file that has no secret in it.
  public func part(_ part: String) throws(StorageError) -> String? {
    switch parts[part] {
    case nil: return nil
    case .text(let text)?: return text
    case .missing(let variable)?:
      throw StorageError(.noCredential, "credential \"\(name)\"", cause: "\(part): the variable \(variable) is not set")
    case .file(let file)?:
      do throws(StorageError) { return try file.text() } catch {
        throw StorageError(.noCredential, "credential \"\(name)\"", cause: "\(part): \(error.subject): \(error.cause ?? "cannot be read")")
      }
    }
  }

  public func required(_ part: String) throws(StorageError) -> String {
    if let text = try self.part(part) { return text }
    throw StorageError(.noCredential, "credential \"\(name)\"", cause: "it has no part \"\(part)\"")
  }
}
