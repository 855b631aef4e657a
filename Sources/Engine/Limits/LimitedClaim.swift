import Database

/// A claim of a handler that limits hold back: one transaction, in which the limits are locked, so that no two hosts take the last place.
struct LimitedClaim {
  let handler: String
  /// What one task holds of each limit.
  private var uses: [Use] = []

  private struct Use {
    var name: String
    var weight: Int
    /// How many tasks may begin.
    var room: Int
  }

  var names: [String] { uses.map(\.name) }
  var weights: [Int] { uses.map(\.weight) }
  /// How many tasks may begin now.
  var room: Int { uses.map(\.room).min() ?? Int.max }

  /// Locks the limits in order of name, then sees what others have left of them.
  ///
  /// - Parameter tx: at READ COMMITTED, so that the second statement sees what those did who held the locks before.
  init(_ handler: String, in tx: Transaction) throws {
    self.handler = handler
    let held: SQL = """
      FROM limits l JOIN (
          SELECT resource AS name, weight FROM resources WHERE handler = \(handler) UNION ALL SELECT \(handler), 1) AS u ON u.name = l.name
      ORDER BY l.name
      """
    guard try !tx.query("SELECT l.name \(raw: held) FOR UPDATE OF l").isEmpty else { return }
    uses = try tx.query(
      "SELECT l.name, u.weight, l.concurrency, l.burst, \(raw: Limits.inUse("l.name")), \(raw: Limits.tokens) \(raw: held)"
    ).map { row in
      let weight = try row.int(1)
      var room = Int.max
      if let concurrency = try row.intOrNil(2) { room = Self.places(weight, of: concurrency, held: try row.int(4)) }
      if let burst = try row.intOrNil(3) { room = min(room, Self.starts(weight, burst: burst, tokens: try row.double(5))) }
      return Use(name: try row.string(0), weight: weight, room: room)
    }
  }

  /// How many tasks fit beside what is held; what is heavier than the whole limit runs alone.
  static func places(_ weight: Int, of concurrency: Int, held: Int) -> Int {
    guard concurrency > 0 else { return 0 }
    if held == 0, weight > concurrency { return 1 }
    return max(0, (concurrency - held) / weight)
  }

  /// How many tasks may begin: each when what it weighs has gathered, or all that can gather.
  static func starts(_ weight: Int, burst: Int, tokens: Double) -> Int {
    let needed = Double(min(weight, burst))
    // sums of fractions come out a hair too small
    let spare = tokens + 1e-9 - needed
    return spare < 0 ? 0 : Int(spare / Double(weight)) + 1
  }

  /// Takes what so many tasks weigh.
  func take(_ tasks: Int, in tx: Transaction) throws {
    guard tasks > 0, !uses.isEmpty else { return }
    try tx.execute(
      """
      UPDATE limits l SET tokens = \(raw: Limits.tokens) - u.weight * \(tasks), counted_at = clock_timestamp()
      FROM unnest(\(names)::text[], \(weights)::int[]) AS u (name, weight)
      WHERE l.name = u.name AND l.rate_count IS NOT NULL
      """)
  }
}
