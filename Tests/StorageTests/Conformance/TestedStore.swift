import Synchronization
import TestSupport

@testable import Storage

/// A kind of store that must pass `Every store`: a case here is all that a new kind needs.
enum TestedStore: String, CaseIterable, Sendable {
  case directory, swift, ceph, azure, azureBySAS

  /// Of many writers of `if_exists: fail` at once exactly one wins.
  var isAtomic: Bool { self != .swift }
  /// A write with `if_match` is one condition in the store.
  var knowsEtags: Bool { self != .directory }

  /// A fresh container.
  func make() throws -> any ObjectStore {
    let store = try missing()
    try store.makeContainer()
    return store
  }

  /// A container that nobody made.
  func missing() throws -> any ObjectStore {
    switch self {
    case .directory:
      let name = try ContainerName("box\(Self.count.add(1, ordering: .relaxed).newValue)")
      return DirectoryStore(name: name, path: Self.folder.path + "/" + name.text, isDurable: false)
    case .swift: return try TestBucket.store(.swift)
    case .ceph: return try TestBucket.store(.ceph, prefix: "in/side/")
    case .azure: return try AzureTestStore.make(ObjectServer.shared(.azure).freshName())
    case .azureBySAS:
      let credential = try AzureTestStore.sas(account: .rightsOnAll)
      return try AzureTestStore.make(ObjectServer.shared(.azure).freshName(), prefix: "in/side", credential: credential)
    }
  }

  private static let count = Atomic(0)
  private static let folder = TemporaryFolder()
}
