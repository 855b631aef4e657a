public import Database

/// What a test's database holds when it is new. It is made once a process and then copied.
public struct TestTemplate: Sendable {
  let name: String
  let prepare: @Sendable (Database) throws -> Void

  /// - Parameters:
  ///   - name: lower case letters and underscores; one content for one name.
  ///   - prepare: fills the template, through a superuser's connections.
  public init(_ name: String, prepare: @escaping @Sendable (Database) throws -> Void) {
    self.name = name
    self.prepare = prepare
  }

  /// A database without tables.
  public static let empty = TestTemplate("empty") { _ in }
}
