/// One SQL statement with its bound values.
///
///     let sql: SQL = "SELECT title FROM jobs WHERE id = \(id) AND state = ANY(\(states)::text[])"
///
/// An interpolated value becomes `$1`, `$2`, ... and never part of the text, which therefore stays the same from call
/// to call and is prepared once per connection. `\(identifier: name)` inserts a quoted name, `\(raw: other)` another
/// `SQL` with its values.
///
/// Types: `Int`, `Int64` bigint; `Int32` integer; `Int16` smallint; `Double` double precision; `Bool` boolean; `Date`
/// timestamptz; `Duration` interval; `[UInt8]` bytea. `String`, `[String]` and `\(text: bytes)` take the type that
/// their place asks for (`jsonb`, `uuid`, ...); where no place asks, cast them: `\(name)::text`.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
  /// The statement with `$1`, `$2`, ... for its values.
  public private(set) var text: String
  var bindings: Bindings
  /// Where each placeholder of `text` begins, in UTF-8 bytes: for insertion into another statement.
  private var placeholders: [Int]

  public init(stringLiteral value: String) {
    text = value
    bindings = Bindings()
    placeholders = []
  }

  public init(stringInterpolation: StringInterpolation) {
    self = stringInterpolation.sql
  }

  /// SQL text from a trusted source, such as a migration's file; never from input.
  public init(trusted text: String) {
    self.init(stringLiteral: text)
  }

  mutating func reserveText(_ bytes: Int) {
    text.reserveCapacity(bytes)
  }

  mutating func append(text more: String) {
    text += more
  }

  mutating func append(binding: (inout Bindings) -> Void) {
    placeholders.append(text.utf8.count)
    binding(&bindings)
    text += "$"
    text += String(bindings.count)
  }

  /// Inserts another statement; its placeholders are numbered anew.
  mutating func append(_ other: SQL) {
    let utf8 = other.text.utf8
    var from = utf8.startIndex
    for (number, offset) in other.placeholders.enumerated() {
      let start = utf8.index(utf8.startIndex, offsetBy: offset)
      text += other.text[from..<start]
      placeholders.append(text.utf8.count)
      text += "$" + String(bindings.count + number + 1)
      from = utf8.index(start, offsetBy: 1 + String(number + 1).utf8.count)
    }
    text += other.text[from...]
    bindings.append(other.bindings)
  }

  /// What the statement is, in its first words: for messages, without any value.
  var summary: String {
    let lines = text.split(separator: "\n").map { $0.drop(while: { $0 == " " }) }
    let first = lines.first { !$0.isEmpty && !$0.hasPrefix("--") } ?? ""
    if let named = lines.first, named.hasPrefix("-- ") { return String(named.dropFirst(3).prefix(80)) }
    return first.count > 80 ? first.prefix(77) + "..." : String(first)
  }
}
