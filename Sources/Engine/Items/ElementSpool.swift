import Database
import Workflow

/// Keeps the elements of an array that a stage fans out over, as if the stage had emitted them for itself.
enum ElementSpool {
  private static let chunkBytes = 256 << 10

  /// Answers how many there are.
  static func store(_ array: RawJSON, for stageID: Int64, in tx: Transaction) throws -> Int {
    let token = try tx.query("SELECT nextval('tokens')").first?.int(0) ?? 0
    var total = 0
    var count = 0
    var body: [UInt8] = []
    func flush() throws {
      guard count > 0 else { return }
      try tx.execute(
        """
        INSERT INTO chunks (token, kind, first, count, body)
        VALUES (\(token), \(ItemKind.element.rawValue), \(total - count), \(count), \(text: body))
        """)
      count = 0
      body.removeAll(keepingCapacity: true)
    }
    try array.forEachElement { element in
      body += element.singleLine
      body.append(UInt8(ascii: "\n"))
      count += 1
      total += 1
      if body.count >= chunkBytes { try flush() }
    }
    try flush()
    if total > 0 {
      try tx.execute(
        """
        INSERT INTO item_ranges (stage_id, kind, first, count, token)
        VALUES (\(stageID), \(ItemKind.element.rawValue), 0, \(total), \(token))
        """)
    }
    return total
  }
}
