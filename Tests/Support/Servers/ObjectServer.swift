import Synchronization

/// A real object store, or Azure's stand-in, on this machine: started by the first test that needs it, once a process,
/// on free ports; it ends with the process, however that ends.
///
/// What each of them is good for stands in `Tests/Servers/README.md`.
public final class ObjectServer: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// OpenStack Swift: S3 at its strictest; virtual hosts as `BUCKET.localhost`.
    case swift
    /// Ceph's gateway: S3's second opinion, atomic creates, bulk; virtual hosts as `BUCKET.localhost`.
    case ceph
    /// `rclone serve s3`: S3 by a liar.
    case rclone
    /// A stand-in for Azure Blob that checks signatures with the Azure SDK's own code.
    case azure
  }

  /// Who asks: an S3 key id and its secret, or an Azure account and its key in base64.
  public struct Account: Sendable {
    public let key: String
    public let secret: String
  }

  public let kind: Kind
  public let port: Int
  /// The one who makes the buckets.
  public let alice: Account
  /// Another one, who has no right to what is alice's.
  public let bob: Account

  /// `http://127.0.0.1:PORT`; for Azure with the account's name behind it, as every stand-in has it.
  public var endpoint: String { "http://127.0.0.1:\(port)" }
  public static let region = "us-east-1"

  /// What it says of itself besides: of Ceph `configuration`, `tls_port` and the file of its `authority`.
  public var details: [String: String] { process.answer }

  private let process: KeptProcess
  private let count = Atomic(0)

  /// The server of that kind; blocks while it starts, which takes Ceph two or three seconds and the others less than one.
  /// - Throws: `KeptProcess.Failure` with what its logs say; every test that needs it then says so.
  public static func shared(_ kind: Kind) throws -> ObjectServer {
    try running[kind.rawValue]!.server(kind)  // one for every case
  }

  /// A server of one's own, which goes with its last reference: for tests that break it, and for benchmarks.
  public init(_ kind: Kind, environment: [String: String] = [:]) throws {
    self.kind = kind
    process = try KeptProcess(["\(Self.folder)/start.py", kind.rawValue], python: Self.python, environment: environment)
    guard let port = process.answer["port"].flatMap({ Int($0) }) else {
      throw KeptProcess.Failure("the \(kind.rawValue) server names no port")
    }
    self.port = port
    let azure = kind == .azure
    alice = Account(
      key: azure ? "weirtestalice" : "AKIAWEIRTESTALICE",
      secret: azure ? "YWxpY2VzZWNyZXRhbGljZXNlY3JldGFsaWNlc2VjcmU=" : "alicesecretalicesecretalice")
    bob = Account(
      key: azure ? "weirtestbob" : "AKIAWEIRTESTBOB",
      secret: azure ? "Ym9ic2VjcmV0Ym9ic2VjcmV0Ym9ic2VjcmV0Ym9ic2U=" : "bobsecretbobsecretbob")
  }

  /// A name for a bucket or container that no other test of this process uses. It is not made.
  public func freshName() -> String {
    "weir-test-\(count.add(1, ordering: .relaxed).newValue)"
  }

  static let root: String = #filePath.split(separator: "/Tests/Support/")[0].description
  /// Where `start.py` is.
  public static let folder = root + "/Tests/Servers"
  /// The interpreter that `make setup` gives all parts of the servers.
  public static let python = root + "/.venv-servers/bin/python"

  private static let running = Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0.rawValue, Slot()) })

  /// One server; those who come while it starts wait, and a failure is everybody's.
  private final class Slot: Sendable {
    private let result = Mutex<Result<ObjectServer, any Error>?>(nil)

    func server(_ kind: Kind) throws -> ObjectServer {
      try result.withLock { result in
        let known = result ?? Result { try ObjectServer(kind) }
        result = known
        return try known.get()
      }
    }
  }
}
