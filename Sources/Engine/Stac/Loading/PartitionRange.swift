/// The times of the items that go to one partition: what its CHECK must allow.
struct PartitionRange: Sendable, Equatable {
  private(set) var from: ClosedRange<StacTime>
  private(set) var to: ClosedRange<StacTime>

  init(_ from: StacTime, _ to: StacTime) {
    self.from = from...from
    self.to = to...to
  }

  mutating func extend(_ from: StacTime, _ to: StacTime) {
    self.from = min(self.from.lowerBound, from)...max(self.from.upperBound, from)
    self.to = min(self.to.lowerBound, to)...max(self.to.upperBound, to)
  }

  /// By month or year of the start, in the order of time.
  static func grouped(_ times: some Sequence<(from: StacTime, to: StacTime)>, _ width: StacPartition) -> [PartitionRange] {
    var ranges: [Int64: PartitionRange] = [:]
    for (from, to) in times {
      ranges[from.bucket(width), default: PartitionRange(from, to)].extend(from, to)
    }
    return ranges.sorted { $0.key < $1.key }.map(\.value)
  }
}
