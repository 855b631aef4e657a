import Database
import TestSupport
import Testing

@testable import Engine

@Suite struct `Many loaders of one collection` {
  @Test(arguments: [true, false])
  func `four at once with the same ids lose none and do not deadlock`(isPrepared: Bool) async throws {
    let registry = try Registry()
    for round in 0..<(isPrepared ? 20 : 5) {
      let collection = "c\(round)"
      _ = try registry.stac.putCollection(Array(Make.collection(collection).utf8), options: #"{"partition":"month"}"#)
      if isPrepared {
        let months = (1...8).map { #"["2020-0\#($0)-15T00:00:00Z",null]"# }.joined(separator: ",")
        try registry.stac.prepare(collection, intervals: Array("[\(months)]".utf8))
      }
      let reports = try await withThrowingTaskGroup { group in
        for lane in 0..<4 { group.addTask { try await onOwnThread { try put(lane, collection, registry.stac) } } }
        return try await group.reduce(into: [StacReport]()) { $0 += $1 }
      }
      #expect(reports.flatMap(\.failed) == [])
      #expect(reports.map(\.written).reduce(0, +) == 250)
      #expect(try registry.count("pgstac.items WHERE collection = '\(collection)'") == 250)
    }
  }

  @Test func `sessions that the server ends meanwhile cost time and no item`() async throws {
    let registry = try Registry()
    _ = try registry.stac.putCollection(Array(Make.collection().utf8), options: #"{"partition":"month"}"#)
    let killer = try Signals(registry.own.url)
    let loading = Task { try await onOwnThread { try (0..<10).map { try put($0, "c", registry.stac) } } }
    for _ in 0..<5 { try await onOwnThread { try killer.endOneSession() } }
    let reports = try await loading.value.flatMap { $0 }
    #expect(reports.flatMap(\.failed) == [])
    #expect(try registry.count("pgstac.items") == 550)
  }

  @Test func `statistics taken while items are put cost time and no item`() async throws {
    let registry = try Registry()
    _ = try registry.stac.putCollection(Array(Make.collection().utf8))
    let reports = try await withThrowingTaskGroup { group in
      for lane in 0..<2 { group.addTask { try await onOwnThread { try put(lane, "c", registry.stac) } } }
      group.addTask {
        try await onOwnThread {
          for _ in 0..<5 { _ = try registry.stac.finish("c") }
          return []
        }
      }
      return try await group.reduce(into: [StacReport]()) { $0 += $1 }
    }
    #expect(reports.flatMap(\.failed) == [])
    #expect(try registry.count("pgstac.items") == 150)
  }

  /// Half of a loader's ids are the next one's too.
  private func put(_ lane: Int, _ collection: String, _ stac: Stac) throws -> [StacReport] {
    try stride(from: 0, to: 100, by: 50).map { start in
      let texts = (lane * 50 + start..<lane * 50 + start + 50).shuffled().map { number in
        Make.item("i\(number)", collection: collection, datetime: "\"2020-0\(number % 8 + 1)-15T00:00:00Z\"")
      }
      return try stac.putItems(collection, items: Array(texts.joined().utf8))
    }
  }
}
