/// One step of the schema: SQL that is run once, in a transaction of its own.
public struct Migration: Sendable, Hashable {
  public let number: Int
  /// What it brings, as in its file's name: `lease_tokens`.
  public let name: String
  /// Statements after a head comment that says why, which locks for how long, and whether older hosts may run on.
  public let sql: String

  public init(number: Int, name: String, sql: String) {
    self.number = number
    self.name = name
    self.sql = sql
  }

  /// `007_lease_tokens`.
  public var title: String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "_" + name
  }
}
