/// One content of a dataset's table. A version's number may come again once the version was dropped; its table is another then.
public struct Edition: Sendable, Hashable, CustomStringConvertible {
  public var version: Int
  /// Of the table.
  var oid: String

  public var description: String { "\(version)-\(oid)" }
}
