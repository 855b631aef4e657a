import Glibc
import Storage
public import Workflow

/// Whether the secrets of the credentials are where the configuration says, and closed to strangers.
public struct CredentialCheck: Sendable {
  private let settings: [String: CredentialSetting]
  private let credentials: Credentials

  /// - Parameter environment: the host's: a command that is run by hand may have another than the service.
  public init(_ settings: [String: CredentialSetting], environment: [String: String]) {
    self.settings = settings
    credentials = Credentials(settings, environment: environment)
  }

  /// One for each credential; a secret is in none.
  public var findings: [Finding] { credentials.names.map(finding) }

  private func finding(_ name: String) -> Finding {
    let subject = "credentials.\(name)"
    guard let credential = credentials[name] else { return Finding(.fine, subject, "is not used") }
    do throws(StorageError) {
      for part in credential.partNames { _ = try credential.part(part) }
    } catch {
      return Finding(.error, subject, error.message, hint: error.hint)
    }
    for (part, source) in settings[name]?.parts.sorted(by: { $0.key < $1.key }) ?? [] {
      guard case .file(let path) = source, isOpen(path) else { continue }
      return Finding(
        .warning, subject, "\(path), which holds its \(part), can be read by every user of this machine.",
        hint: "chmod o-rwx \(path)")
    }
    return Finding(.fine, subject, "has \(credential.partNames.joined(separator: ", "))")
  }

  private func isOpen(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & 0o004 != 0
  }
}
