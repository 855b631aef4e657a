/// What was done of a stage, sample by sample, in bounded memory.
///
/// When it is full every second sample goes, so a long stage is kept as finely as its length allows. The first sample is
/// always (0, 0); one that goes back in time is dropped, and one whose work goes back (a retry opened finished tasks again)
/// begins the history anew from there.
public struct WorkHistory: Sendable, Hashable {
  public private(set) var samples: [WorkSample] = [WorkSample(at: .zero, done: 0)]
  private let capacity: Int

  /// - Parameter capacity: samples at most, at least 16.
  public init(capacity: Int = 256) {
    self.capacity = max(16, capacity)
  }

  public init(_ samples: some Sequence<WorkSample>, capacity: Int = 256) {
    self.init(capacity: capacity)
    for sample in samples { add(sample) }
  }

  public mutating func add(_ sample: WorkSample) {
    guard sample.at > last.at else { return }
    if sample.done < last.done { samples.removeAll { $0.done > sample.done } }
    samples.append(sample)
    guard samples.count > capacity else { return }
    let newest = samples.count - 1
    samples = samples.enumerated().filter { $0.offset % 2 == 0 || $0.offset == newest }.map(\.element)
  }

  public var last: WorkSample { samples[samples.count - 1] }

  /// The first moment at which at least `done` was done, between samples by proportion.
  func time(of done: Double) -> Duration {
    guard let place = samples.firstIndex(where: { $0.done >= done }), place > 0 else { return .zero }
    let (before, after) = (samples[place - 1], samples[place])
    guard after.done > before.done else { return after.at }
    return before.at + (after.at - before.at) * ((done - before.done) / (after.done - before.done))
  }

  /// Work done by then, between samples by proportion.
  func done(by moment: Duration) -> Double {
    guard let place = samples.firstIndex(where: { $0.at >= moment }) else { return last.done }
    guard place > 0 else { return samples[0].done }
    let (before, after) = (samples[place - 1], samples[place])
    return before.done + (after.done - before.done) * ((moment - before.at) / (after.at - before.at))
  }

  /// Since when nothing was done.
  public var quietSince: Duration {
    samples.first { $0.done >= last.done }?.at ?? .zero
  }
}
