import FoundationEssentials
import Synchronization

@testable import Storage

/// A store that has no files, as one behind a network has none: what the interface asks of S3 and Azure.
final class MemoryStore: ObjectStore {
  let name: ContainerName
  private let objects = Mutex<[ObjectKey: (head: ObjectHead, bytes: [UInt8])]>([:])
  private let version = Atomic(0)

  init(_ name: String) throws { self.name = try ContainerName(name) }

  func makeContainer() throws(StorageError) {}

  func list(_ query: ListQuery, cancel: Cancellation) throws(StorageError) -> ObjectPage {
    var page = ObjectPage()
    page.objects = objects.withLock { all in
      all.filter { $0.key.text.hasPrefix(query.prefix) }.sorted { $0.key < $1.key }.map { .init(key: $0.key, head: $0.value.head) }
    }
    return page
  }

  func stat(_ key: ObjectKey) throws(StorageError) -> ObjectHead { try object(key).head }

  private func object(_ key: ObjectKey) throws(StorageError) -> (head: ObjectHead, bytes: [UInt8]) {
    guard let object = objects.withLock({ $0[key] }) else { throw StorageError(.noObject, subject(key)) }
    return object
  }

  func openRead(
    _ key: ObjectKey, range: ByteRange, etag: String?, cancel: Cancellation
  ) throws(StorageError) -> any ObjectReadStream {
    let (head, bytes) = try object(key)
    if let etag, etag != head.etag { throw StorageError(.changed(expected: etag, found: head.etag), subject(key)) }
    let part = range.within(head.size)
    return Reader(head, bytes[Int(part.lowerBound)..<Int(part.upperBound)])
  }

  func openWrite(
    _ key: ObjectKey, options: WriteOptions, isVerified: Bool, cancel: Cancellation
  ) throws(StorageError) -> any ObjectWriteStream { Writer(self, key, options) }

  func remove(_ key: ObjectKey) throws(StorageError) { objects.withLock { $0[key] = nil } }

  private final class Reader: ObjectReadStream {
    let head: ObjectHead
    private let rest: Mutex<ArraySlice<UInt8>>

    init(_ head: ObjectHead, _ bytes: ArraySlice<UInt8>) {
      self.head = head
      rest = Mutex(bytes)
    }

    func pull(into: UnsafeMutableRawBufferPointer) throws(StorageError) -> Int {
      rest.withLock { rest in
        let piece = rest.prefix(into.count)
        into.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        return piece.count
      }
    }
  }

  private final class Writer: ObjectWriteStream {
    private let store: MemoryStore
    private let key: ObjectKey
    private let options: WriteOptions
    private let bytes = Mutex<[UInt8]>([])

    init(_ store: MemoryStore, _ key: ObjectKey, _ options: WriteOptions) {
      self.store = store
      self.key = key
      self.options = options
    }

    func push(_ piece: UnsafeRawBufferPointer) throws(StorageError) { bytes.withLock { $0 += Array(piece) } }

    func commit() throws(StorageError) -> WriteResult {
      let bytes = bytes.withLock { $0 }
      let digest = RunningDigest(.sha256)
      bytes.withUnsafeBytes { digest.update($0) }
      let sha256 = digest.finishText()
      if let expected = options.sha256, expected != sha256 {
        throw StorageError(.damaged(expected: expected, found: sha256), store.subject(key))
      }
      let head = ObjectHead(
        size: UInt64(bytes.count), etag: "\(store.version.add(1, ordering: .relaxed).newValue)",
        modified: Date(timeIntervalSince1970: 0), type: options.type)
      store.objects.withLock { $0[key] = (head, bytes) }
      return WriteResult(head: head, isWritten: true)
    }

    func abort() {}
  }
}
