import HandlerStub
import Testing

@testable import HandlerKit

@Suite struct `STAC in Swift` {
  @Test(arguments: [
    ([], []), ([5], [0..<1]), ([50], [0..<1]), ([4, 6, 1], [0..<2, 2..<3]), ([1, 50, 1], [0..<1, 1..<2, 2..<3]),
    ([3, 3, 3, 3], [0..<3, 3..<4]),
  ])
  func `cuts a batch into pieces that fit`(sizes: [Int], pieces: [Range<Int>]) {
    #expect(Stac.pieces(sizes, most: 10) == pieces)
  }

  @Test func `puts the reports of pieces together`() throws {
    let failure = #"{"failed":[{"index":1,"status":300,"message":"no","pointer":"/x"}],"written":2,"items":7}"#
    var whole = StacReport(.object([:]))
    whole.append(StacReport(try JSONText(validating: failure)), after: 0)
    whole.append(StacReport(try JSONText(validating: failure)), after: 10)
    #expect(whole.failures.map(\.index) == [1, 11])
    #expect(whole.failures.map(\.pointer) == ["/x", "/x"])
    #expect(whole.written == 4)
    #expect(whole.json["items"]?.int == 7)
  }

  @Test func `puts, finishes and tells which items were refused`() {
    let host = ProbeWork.host()
    host.stac.failing = ["b": 102]
    let ended = ProbeWork.call(host) { _, task in
      let stac = task.stac
      #expect(try stac.putCollection(JSONText(validating: #"{"id":"c"}"#), partition: .month).written == 1)
      try stac.prepare("c", intervals: .array([]))
      let items = try ["a", "b"].map { try JSONText(validating: #"{"id":"\#($0)","n":10.0}"#) }
      let report = try stac.putItems("c", items)
      #expect(report.written == 1)
      #expect(report.failures.map(\.id) == ["b"])
      #expect(report.failures.first?.status.isRetryable == true)
      #expect(try stac.putItems("c", [items[0]]).unchanged == 1)
      #expect(try stac.finish("c").json["items"]?.int == 1)
      #expect(try stac.check([]).failures.isEmpty)
    }
    #expect(ended)
    #expect(host.stac.items["c"]?["a"]?.text == #"{"id":"a","n":10.0}"#)
  }
}
