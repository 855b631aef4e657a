extension SQL {
  public struct StringInterpolation: StringInterpolationProtocol {
    var sql: SQL

    public init(literalCapacity: Int, interpolationCount: Int) {
      sql = SQL(stringLiteral: "")
      sql.reserve(literalCapacity + 4 * interpolationCount, values: interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) {
      sql.append(text: literal)
    }

    public mutating func appendInterpolation(_ value: some SQLValue) {
      sql.append { $0.append(value) }
    }

    public mutating func appendInterpolation<Value: SQLValue>(_ value: Value?) {
      sql.append { bindings in
        if let value { bindings.append(value) } else { bindings.appendNull(type: Value.sqlType) }
      }
    }

    public mutating func appendInterpolation<Value: SQLValue>(_ values: [Value]) {
      sql.append { $0.append(array: values) }
    }

    public mutating func appendInterpolation<Value: SQLValue>(_ values: [Value]?) {
      sql.append { bindings in
        if let values { bindings.append(array: values) } else { bindings.appendNull(type: Value.sqlArrayType) }
      }
    }

    public mutating func appendInterpolation<Value: SQLValue>(_ values: [Value?]) {
      sql.append { $0.append(array: values) }
    }

    /// `bytea`.
    public mutating func appendInterpolation(_ bytes: [UInt8]) {
      sql.append { $0.append(bytea: bytes) }
    }

    /// `bytea`.
    public mutating func appendInterpolation(_ bytes: [UInt8]?) {
      sql.append { bindings in
        if let bytes { bindings.append(bytea: bytes) } else { bindings.appendNull(type: SQLType.bytea) }
      }
    }

    /// `bytea[]`.
    public mutating func appendInterpolation(_ values: [[UInt8]]) {
      sql.append { $0.append(byteaArray: values) }
    }

    /// Bytes that are UTF-8 text, such as JSON: they take the type that their place asks for.
    public mutating func appendInterpolation(text bytes: some Collection<UInt8>) {
      sql.append { $0.append(text: bytes) }
    }

    /// Bytes that are UTF-8 text, or NULL.
    public mutating func appendInterpolation(text bytes: (some Collection<UInt8>)?) {
      sql.append { bindings in
        if let bytes { bindings.append(text: bytes) } else { bindings.appendNull(type: SQLType.unknown) }
      }
    }

    /// An array whose elements are UTF-8 texts, such as JSON documents for `::jsonb[]`.
    public mutating func appendInterpolation(texts: [some Collection<UInt8>]) {
      sql.append { $0.append(textArray: texts) }
    }

    /// A name, quoted: `"my table"`.
    public mutating func appendInterpolation(identifier: String) {
      sql.append(text: SQL.quoted(identifier: identifier))
    }

    /// Another statement or part of one, with its values.
    public mutating func appendInterpolation(raw other: SQL) {
      sql.append(other)
    }
  }

  mutating func reserve(_ bytes: Int, values: Int) {
    bindings.reserve(values)
    reserveText(bytes)
  }

  static func quoted(identifier: String) -> String {
    "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// A text as a literal, for the few statements that take no parameters (SET, NOTIFY's channel, CREATE DATABASE).
  static func quoted(literal: String) -> String {
    let doubled = literal.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    guard doubled.utf8.contains(UInt8(ascii: "\\")) else { return "'" + doubled + "'" }
    return " E'" + doubled.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\") + "'"
  }
}
