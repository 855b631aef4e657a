import Workflow

/// A stage that is over, sampled every five seconds, and what a forecast could know of it at each moment.
struct Replay {
  var done: [Double] = [0]
  var tails: [Int: TailOfWork] = [:]
  /// Samples at which the stage said that it waits: nothing is forecast then.
  var waiting: Set<Int> = []

  static let step: Duration = .seconds(5)
  static let total = 2000.0

  private mutating func add(_ count: Int) { done.append(min(Self.total, done[done.count - 1] + Double(count))) }
  private var isOver: Bool { done[done.count - 1] >= Self.total }
  private var share: Double { done[done.count - 1] / Self.total }

  static func steady(_ chance: inout Chance) -> Replay {
    var replay = Replay()
    while !replay.isOver { replay.add(chance.count(of: 40, at: 0.5)) }
    return replay
  }

  static func slowing(_ chance: inout Chance) -> Replay {
    var replay = Replay()
    while !replay.isOver { replay.add(chance.count(of: 60, at: 0.5 * (1 - 0.75 * replay.share))) }
    return replay
  }

  static func bursty(_ chance: inout Chance) -> Replay {
    var replay = Replay()
    var (isOn, left) = (true, 6)
    while !replay.isOver {
      if left == 0 {
        isOn.toggle()
        left = chance.number(in: isOn ? 4...10 : 6...18)
      }
      left -= 1
      replay.add(isOn ? chance.number(in: 20...60) : 0)
    }
    return replay
  }

  /// Steady, but once it waits for 5 to 15 per cent of its time.
  static func stalled(_ chance: inout Chance) -> Replay {
    var replay = Replay()
    let at = Double(chance.number(in: 30...80)) / 100
    var left = chance.number(in: 5...15)
    while !replay.isOver {
      if replay.share >= at && left > 0 {
        left -= 1
        replay.add(0)
        replay.waiting.insert(replay.done.count - 1)
      } else {
        replay.add(chance.count(of: 40, at: 0.5))
      }
    }
    return replay
  }

  /// One attempt in five fails and is tried again half a minute to five minutes later.
  static func retrying(_ chance: inout Chance) -> Replay {
    var replay = Replay()
    var (fresh, ended, failed, moment) = (Int(total), 0, 0, 0)
    var due: [Int] = []
    while !replay.isOver {
      moment += 5
      var completed = 0
      for _ in 0..<chance.count(of: 50, at: 0.5) {
        if let place = due.firstIndex(where: { $0 <= moment }) { due.remove(at: place) } else if fresh > 0 { fresh -= 1 } else { break }
        ended += 1
        if chance.count(of: 1, at: 0.2) == 1 {
          failed += 1
          due.append(moment + chance.number(in: 30...300))
        } else {
          completed += 1
        }
      }
      replay.add(completed)
      replay.tails[replay.done.count - 1] = TailOfWork(
        retryShare: Double(failed) / Double(max(1, ended)), backoff: .seconds(165))
    }
    return replay
  }

  /// What was forecast from a tenth of the work on, against how it ended.
  var calibration: Calibration {
    var history = WorkHistory()
    var predictions: [Calibration.Prediction] = []
    for (place, done) in done.enumerated().dropFirst() {
      let moment = Self.step * place
      history.add(WorkSample(at: moment, done: done))
      guard done >= Self.total / 10, !waiting.contains(place) else { continue }
      guard let forecast = Forecast(history, total: Self.total, tail: tails[place] ?? TailOfWork()) else { continue }
      predictions.append(.init(madeAt: moment, forecast: forecast))
    }
    return Calibration(predictions, end: Self.step * (done.count - 1))
  }
}

/// The same numbers for the same seed.
struct Chance {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  private mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    return mixed ^ (mixed >> 33)
  }

  mutating func number(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int((next() >> 1) % UInt64(range.count))
  }

  /// How many of `trials` succeed.
  mutating func count(of trials: Int, at probability: Double) -> Int {
    (0..<trials).reduce(0) { sum, _ in sum + (Double(next() >> 11) / Double(1 << 53) < probability ? 1 : 0) }
  }
}
