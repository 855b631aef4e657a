import Database
import Engine
import Runners
import Storage
import Workflow

/// `weir.storage/1`: containers and their objects, as far as the operator granted them.
final class StorageService: Sendable {
  let containers: Containers
  let streams = OpenStreams()
  /// As WEIR_MAX_BYTES.
  static let mostBytes = 64 << 20

  /// Nil without a database.
  let ledger: ObjectLedger?

  init(containers: Containers, ledger: ObjectLedger? = nil) {
    self.containers = containers
    self.ledger = ledger
  }

  /// - Parameter origin: the attempt that calls; nil for a call without a job.
  func answer(_ call: ServiceCall, grants: Grants, from origin: Origin? = nil) {
    do {
      try serve(StorageCall(call, grants: grants.storage ?? .init(), containers: containers, origin: origin))
    } catch let error as StorageError {
      call.refuse(error.description, status: error.status.rawValue)
    } catch let error as DatabaseError {
      call.refuse("what was written could not be noted: \(error.message)", status: error.isUnreachable || error.isRetryable ? 103 : 200)
    } catch let error as FrameError {
      call.refuse(error.message, status: 206)
    } catch {
      call.refuse("\(error)", status: 200)
    }
  }

  /// The attempt has ended: what it left open is aborted.
  func ended(_ token: Int64) {
    for stream in streams.end(token) { Self.abort(stream) }
  }

  static func abort(_ stream: OpenStreams.Stream) {
    if case .write(let stream) = stream { stream.abort() }
  }

  private func serve(_ call: StorageCall) throws {
    switch call.call.code {
    case .makeContainer: try makeContainer(call)
    case .list: try list(call)
    case .stat: try stat(call)
    case .read: try read(call)
    case .readMany: try readMany(call)
    case .write: try write(call)
    case .remove: try remove(call)
    case .copy: try copy(call)
    case .openFile: try openFile(call)
    case .openRead: try openRead(call)
    case .openWrite: try openWrite(call)
    case .pull: try pull(call)
    case .push: try push(call)
    case .close: try close(call)
    default: call.call.refuse("\(call.call.name) is no call of weir.storage/1")
    }
  }
}
