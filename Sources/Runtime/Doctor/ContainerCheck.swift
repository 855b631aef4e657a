import Glibc
public import Storage
public import Workflow

/// Whether the containers of the configuration can be reached, and written where a plugin may write.
public struct ContainerCheck: Sendable {
  private let containers: Containers
  private let names: [String]
  private let grants: [Grants]

  /// - Parameters:
  ///   - names: as configured; patterns are not looked at, since nobody can list what they stand for.
  ///   - grants: of all plugins.
  public init(_ containers: Containers, names: [String], grants: [Grants]) {
    self.containers = containers
    self.names = names.filter { !$0.contains("*") }.sorted()
    self.grants = grants
  }

  /// Lists one object of each container; writes and removes a small one where some plugin may write.
  public var findings: [Finding] { names.map(finding) }

  private func finding(_ name: String) -> Finding {
    let subject = "containers.\(name)"
    do throws(StorageError) {
      return Finding(.fine, subject, try look(name))
    } catch {
      return Finding(.error, subject, error.message, hint: error.hint)
    }
  }

  private func look(_ name: String) throws(StorageError) -> String {
    let store = try containers.store(ContainerName(name))
    _ = try store.list(ListQuery(limit: 1), cancel: .never)
    guard grants.contains(where: { $0.storage?.allowsWriting(name) ?? false }) else { return "can be read" }
    let key = try ObjectKey("weir-doctor-\(getpid())-\(UInt32.random(in: 0 ... .max)).probe")
    try store.write(key, Array("weir doctor\n".utf8))
    try store.remove(key)
    return "can be read and written"
  }
}
