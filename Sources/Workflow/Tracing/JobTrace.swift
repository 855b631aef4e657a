/// What a job's trace follows from: nothing of it is chosen by chance, so every host finds the same ids for the same things.
public struct JobTrace: Sendable, Hashable {
  public var jobID: Int64
  /// Microseconds since 1970. Two installations that send to one place hardly have the same job at the same moment.
  public var createdAt: Int64
  /// What it was submitted with.
  public var traceparent: String?

  public init(jobID: Int64, createdAt: Int64, traceparent: String? = nil) {
    self.jobID = jobID
    self.createdAt = createdAt
    self.traceparent = traceparent
  }

  /// Where the job stands: in the trace that it was submitted in, else in one of its own.
  /// - Parameter ratio: the share of the jobs that is sampled of those that nobody has decided on.
  public func context(ratio: Double) -> TraceContext {
    if let traceparent, let given = TraceContext(traceparent: traceparent) { return given }
    let high = Self.mix(UInt64(bitPattern: jobID) &+ 0x9E37_79B9_7F4A_7C15)
    let low = Self.mix(UInt64(bitPattern: createdAt) ^ high)
    // by the last 56 bits, as OpenTelemetry decides
    let chance = Double(low & 0x00FF_FFFF_FFFF_FFFF) / Double(1 << 56)
    return TraceContext(trace: TraceID(high: high, low: max(low, 1)), parent: nil, isSampled: chance < ratio)
  }

  public static func span(ofJob trace: TraceID) -> UInt64 { span(trace, "", 0, 0) }
  public static func span(ofStage stage: String, _ trace: TraceID) -> UInt64 { span(trace, stage, 0, 0) }
  public static func span(ofStage stage: String, n: Int, attempt: Int, _ trace: TraceID) -> UInt64 {
    span(trace, stage, UInt64(n) + 1, UInt64(attempt))
  }

  private static func span(_ trace: TraceID, _ stage: String, _ n: UInt64, _ attempt: UInt64) -> UInt64 {
    var mixed = mix(trace.high ^ trace.low)
    // FNV-1a over the name, then all of it through splitmix64
    var name: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in stage.utf8 { name = (name ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for part in [name, n, attempt] { mixed = mix(mixed &+ part &+ 0x9E37_79B9_7F4A_7C15) }
    return max(mixed, 1)
  }

  private static func mix(_ number: UInt64) -> UInt64 {
    var mixed = number
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
