import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// Each fault ends in success or in a clear error; never is half an object under its name, and nothing is lost.
@Suite struct `A store behind a bad network` {
  private static let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
  private let key: ObjectKey

  init() throws { key = try ObjectKey("a/k") }

  @Test(arguments: RemoteStore.all)
  func `comes through a storm of 503`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { $0.number % 4 == 3 ? .none : .busy(body: kind.busyBody) }
      try spoiled.store.write(key, Self.body)
      #expect(try spoiled.store.read(key).bytes == Self.body)
      #expect(try spoiled.store.allKeys() == ["a/k"])
      try spoiled.store.remove(key)
      #expect(try spoiled.straight.allKeys() == [])
    }
  }

  @Test(arguments: RemoteStore.all)
  func `says that a storm does not end, and that it may pass`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { _ in .busy(body: kind.busyBody) }
      let error = #expect(throws: StorageError.self) { try spoiled.store.write(key, Self.body) }
      #expect(error?.code == .unreachable && error?.message.contains("503") == true)
      #expect(spoiled.proxy.requests.count == 6)
      #expect(try spoiled.straight.allKeys() == [])
    }
  }

  @Test(arguments: RemoteStore.all)
  func `does not wait longer than is sensible when it is told to`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { _ in .busy(retryAfter: 86_400, body: kind.busyBody) }
      #expect(code { _ = try spoiled.store.stat(key) } == .unreachable)
      #expect(spoiled.proxy.requests.count == 1)
    }
  }

  @Test(arguments: RemoteStore.all)
  func `sends again what was cut on its way`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { $0.number < 3 ? .cutRequest(after: 100_000) : .none }
      #expect(try spoiled.store.write(key, Self.body).isWritten)
      #expect(try spoiled.straight.read(key).bytes == Self.body)
    }
  }

  @Test(arguments: RemoteStore.all)
  func `leaves nothing under the key when a write cannot be finished`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { $0.method == "PUT" || $0.method == "POST" ? .cutRequest(after: 100_000) : .none }
      let error = #expect(throws: StorageError.self) { try spoiled.store.write(key, Self.body) }
      #expect(error?.code == .unreachable)
      #expect(try spoiled.straight.allKeys() == [])
    }
  }

  @Test(arguments: RemoteStore.all)
  func `finds out that its write was done though the answer was lost`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { $0.number == 0 ? .loseAnswer : .none }
      let result = try spoiled.store.write(key, Self.body, options: WriteOptions(ifExists: .fail))
      #expect(result.isWritten)
      #expect(try spoiled.straight.stat(key).etag == result.head.etag)
      #expect(code { _ = try spoiled.store.write(key, [1], options: WriteOptions(ifExists: .fail)) } == .exists)
    }
  }

  @Test(arguments: RemoteStore.all)
  func `goes on reading where it was cut`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { $0.number < 4 ? .cutAnswer(after: 50_000) : .none }
      try spoiled.straight.write(key, Self.body)
      #expect(try spoiled.store.read(key).bytes == Self.body)
      #expect(try spoiled.store.read(key, range: ByteRange(from: 7, size: 200_000)).bytes == Array(Self.body[7..<200_007]))
    }
  }

  @Test(arguments: RemoteStore.all)
  func `does not give a mixture when the object changes while it is cut`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let straight = Later<any ObjectStore>()
      let spoiled = try kind.behind { request in
        guard request.number == 0 else { return .none }
        return .alter { answer in
          answer.body = Array(answer.body.prefix(50_000))
          _ = try? straight.value?.write(ObjectKey("a/k"), [UInt8](repeating: 0, count: 300_000))
        }
      }
      straight.value = spoiled.straight
      try spoiled.straight.write(key, Self.body)
      let error = #expect(throws: StorageError.self) { try spoiled.store.read(key) }
      #expect(error?.status == .conflict)
    }
  }

  @Test(arguments: RemoteStore.all)
  func `gives up when every answer is cut`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { _ in .cutAnswer(after: 0) }
      try spoiled.straight.write(key, Self.body)
      #expect(code { _ = try spoiled.store.read(key) } == .unreachable)
    }
  }

  @Test(arguments: RemoteStore.all)
  func `bears a slow link`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { _ in .slow(bytesPerSecond: 400_000) }
      try spoiled.store.write(key, Self.body)
      #expect(try spoiled.store.read(key).bytes == Self.body)
    }
  }

  @Test(arguments: RemoteStore.all)
  func `does not wait for ever where nothing comes`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      var settings = HTTPSettings()
      settings.stall = .milliseconds(50)
      let spoiled = try kind.behind(settings: settings) { _ in .silence }
      #expect(code { _ = try spoiled.store.stat(key) } == .unreachable)
      #expect(code { try spoiled.store.write(key, Self.body) } == .unreachable)
      #expect(try spoiled.straight.allKeys() == [])
    }
  }

  @Test(arguments: RemoteStore.all)
  func `is cancelled while nothing comes`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let asked = Tally()
      let spoiled = try kind.behind { _ in .silence }
      #expect(code { _ = try spoiled.store.read(key, cancel: Cancellation { asked.add() > 5 }) } == .cancelled)
    }
  }

  @Test(arguments: RemoteStore.all)
  func `finds out that an answer is shorter or longer than the object`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      for change in [-1000, 1000] {
        let spoiled = try kind.behind { request in
          guard request.method == "GET" else { return .none }
          return .alter { answer in
            answer.body = change < 0 ? Array(answer.body.dropLast(-change)) : answer.body + [UInt8](repeating: 0, count: change)
            answer["Content-Length"] = String(answer.body.count)
          }
        }
        try spoiled.straight.write(key, Self.body)
        let folder = try Folder()
        let copy = Transfer { name, _ throws(StorageError) in name == "far" ? spoiled.store : folder.store }
        let element = TransferElement(fromContainer: "far", fromKey: "a/k", toContainer: "near", toKey: "k")
        let report = copy.copy([element])
        #expect(report.failed.first?.error.status == .failed)
        #expect(try folder.names() == [])
      }
    }
  }

  @Test(arguments: RemoteStore.all)
  func `finds out that bytes were changed on their way`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { $0.method == "GET" ? .alter { $0.body[1000] ^= 1 } : .none }
      try spoiled.straight.write(key, Self.body)
      let folder = try Folder()
      let copy = Transfer { name, _ throws(StorageError) in name == "far" ? spoiled.store : folder.store }
      let report = copy.copy([TransferElement(fromContainer: "far", fromKey: "a/k", toContainer: "near", toKey: "k")])
      #expect(report.failed.first?.error.status == .failed)
      #expect(try folder.names() == [])
    }
  }

  @Test(arguments: RemoteStore.all)
  func `says that a credential is over, once and without a secret`(kind: RemoteStore) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind { _ in kind.expired }
      let error = #expect(throws: StorageError.self) { try spoiled.store.write(key, Self.body) }
      #expect(error?.code == .denied && error?.message.contains("SECRET") == false)
      #expect(spoiled.proxy.requests.count == 1)
    }
  }

  @Test(arguments: RemoteStore.all, [-3600.0, 86_400.0])
  func `learns the time from a server whose clock differs`(kind: RemoteStore, seconds: Double) async throws {
    try await onOwnThread { [key] in
      let spoiled = try kind.behind(now: { Date(timeIntervalSinceNow: seconds) }) { _ in .none }
      try spoiled.store.write(key, Self.body)
      #expect(try spoiled.store.read(key).bytes == Self.body)
      #expect(spoiled.proxy.requests.count == 3)
    }
  }

  @Test(arguments: RemoteStore.all)
  func `loses nothing of a batch, and a large object among them, in bad weather`(kind: RemoteStore) async throws {
    try await onOwnThread {
      let tries = Mutex<[String: Int]>([:])
      // the first two tries of each request fail, each in its way
      let spoiled = try kind.behind { request in
        let count = tries.withLock { tries in
          tries[request.target, default: 0] += 1
          return tries[request.target] ?? 0
        }
        guard count < 3 else { return .none }
        switch (request.target.utf8.reduce(0) { $0 + Int($1) } + count) % 4 {
        case 0: return .busy(body: kind.busyBody)
        case 1: return .loseAnswer
        case 2: return .cutRequest(after: 10)
        default: return .cutAnswer(after: 1)
        }
      }
      let folder = try Folder()
      for index in 0..<60 { try folder.store.put(String(repeating: "\(index) ", count: 100), "s/\(index)") }
      try folder.store.write(ObjectKey("large"), [UInt8](repeating: 5, count: 20 << 20))
      let copy = Transfer { name, _ throws(StorageError) in name == "far" ? spoiled.store : folder.store }
      let keys = try folder.store.keys(ListQuery(limit: 100))
      let elements = keys.map {
        TransferElement(fromContainer: "near", fromKey: $0, toContainer: "far", toKey: $0, options: .init(ifExists: .fail))
      }
      let report = copy.copy(elements)
      #expect(report.failed == [] && report.done == 61)
      #expect(try spoiled.straight.allKeys() == keys)
      for key in keys { #expect(try spoiled.straight.read(ObjectKey(key)).bytes == folder.store.read(ObjectKey(key)).bytes) }
    }
  }
}
