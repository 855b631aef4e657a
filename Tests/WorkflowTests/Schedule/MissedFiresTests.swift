import Testing

@testable import Workflow

@Suite struct `Times to fire that were missed` {
  private func due(_ minutes: [Int64]) -> [Timetable.Fire] { minutes.map { Timetable.Fire(at: $0 * 60, local: "", mark: nil) } }

  private func acts(_ rule: MissedFires, _ minutes: [Int64], now: Int64) -> [MissedFires.Decision.Act] {
    rule.decide(due(minutes), now: now * 60).map(\.act)
  }

  @Test func `stay missed, or are made up for: the last, or all up to a cap`() {
    #expect(acts(.none, [1, 2, 3], now: 60) == [.miss, .miss, .miss])
    #expect(acts(.last, [1, 2, 3], now: 60) == [.miss, .miss, .catchUp])
    #expect(acts(.all(cap: 2), [1, 2, 3], now: 60) == [.miss, .catchUp, .catchUp])
    #expect(acts(.all(cap: 9), [1, 2, 3], now: 60) == [.catchUp, .catchUp, .catchUp])
  }

  @Test func `within a minute are in time, and then the last needs no making up`() {
    #expect(acts(.none, [1, 60], now: 61) == [.miss, .fire])
    #expect(acts(.last, [1, 60], now: 60) == [.miss, .fire])
    #expect(acts(.all(cap: 1), [1, 59, 60], now: 60) == [.catchUp, .fire, .fire])
    #expect(acts(.last, [], now: 60) == [])
  }

  @Test func `while an older job runs are skipped, wait, run beside it or replace it`() {
    for overlap in Overlap.allCases { #expect(overlap.act(running: 0, isBuffered: false) == .submit) }
    #expect(Overlap.skip.act(running: 1, isBuffered: false) == .skip)
    #expect(Overlap.bufferOne.act(running: 1, isBuffered: false) == .buffer)
    #expect(Overlap.bufferOne.act(running: 1, isBuffered: true) == .skip)
    #expect(Overlap.allow.act(running: 3, isBuffered: false) == .submit)
    #expect(Overlap.cancelOld.act(running: 1, isBuffered: false) == .replace)
  }
}
