public import FoundationEssentials

/// The number that PostgreSQL gives a type (`pg_type.oid`); 0 lets the server infer it from the place.
public struct SQLType: Sendable, Hashable {
  public let oid: UInt32
  init(_ oid: UInt32) { self.oid = oid }

  static let unknown = SQLType(0)
  static let bool = SQLType(16), boolArray = SQLType(1000)
  static let bytea = SQLType(17), byteaArray = SQLType(1001)
  static let int8 = SQLType(20), int8Array = SQLType(1016)
  static let int2 = SQLType(21), int2Array = SQLType(1005)
  static let int4 = SQLType(23), int4Array = SQLType(1007)
  static let float8 = SQLType(701), float8Array = SQLType(1022)
  static let timestamptz = SQLType(1184), timestamptzArray = SQLType(1185)
  static let interval = SQLType(1186), intervalArray = SQLType(1187)
}

/// A Swift type that can be bound in an `SQL`. Its texts never hold a quote unless `isQuotedInArrays`.
public protocol SQLValue: Sendable {
  static var sqlType: SQLType { get }
  static var sqlArrayType: SQLType { get }
  /// Whether an array's text must quote and escape its elements of this type.
  static var isQuotedInArrays: Bool { get }
  /// Appends PostgreSQL's text form.
  func appendSQLText(to bytes: inout [UInt8])
  /// Appends the text forms of many, quoted where an array needs it, with commas between.
  static func appendSQLElements(_ values: [Self], to bytes: inout [UInt8])
}

extension SQLValue {
  public static var isQuotedInArrays: Bool { false }

  public static func appendSQLElements(_ values: [Self], to bytes: inout [UInt8]) {
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      ArrayText.append(value, to: &bytes)
    }
  }
}

extension SQLValue where Self: BinaryInteger {
  public func appendSQLText(to bytes: inout [UInt8]) {
    Decimal.append(Int64(self), to: &bytes)
  }
}

extension Int: SQLValue {
  public static var sqlType: SQLType { .int8 }
  public static var sqlArrayType: SQLType { .int8Array }
  public func appendSQLText(to bytes: inout [UInt8]) {
    Decimal.append(Int64(self), to: &bytes)
  }
  // Batches of ids and tokens come here: a loop over the type itself is many times as fast as the generic one.
  public static func appendSQLElements(_ values: [Int], to bytes: inout [UInt8]) {
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      Decimal.append(Int64(value), to: &bytes)
    }
  }
}

extension Int64: SQLValue {
  public static var sqlType: SQLType { .int8 }
  public static var sqlArrayType: SQLType { .int8Array }
  public func appendSQLText(to bytes: inout [UInt8]) {
    Decimal.append(self, to: &bytes)
  }
  public static func appendSQLElements(_ values: [Int64], to bytes: inout [UInt8]) {
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      Decimal.append(value, to: &bytes)
    }
  }
}

extension Int32: SQLValue {
  public static var sqlType: SQLType { .int4 }
  public static var sqlArrayType: SQLType { .int4Array }
}

extension UInt32: SQLValue {
  public static var sqlType: SQLType { .int8 }
  public static var sqlArrayType: SQLType { .int8Array }
}

extension Int16: SQLValue {
  public static var sqlType: SQLType { .int2 }
  public static var sqlArrayType: SQLType { .int2Array }
}

extension Double: SQLValue {
  public static var sqlType: SQLType { .float8 }
  public static var sqlArrayType: SQLType { .float8Array }
  public func appendSQLText(to bytes: inout [UInt8]) {
    // Swift writes "inf" and "-inf", which PostgreSQL reads as Infinity; "nan" as NaN.
    bytes.append(contentsOf: description.utf8)
  }
}

extension Bool: SQLValue {
  public static var sqlType: SQLType { .bool }
  public static var sqlArrayType: SQLType { .boolArray }
  public func appendSQLText(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: self ? "t" : "f"))
  }
}

extension String: SQLValue {
  public static var sqlType: SQLType { .unknown }
  public static var sqlArrayType: SQLType { .unknown }
  public static var isQuotedInArrays: Bool { true }
  public func appendSQLText(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: utf8)
  }
  public static func appendSQLElements(_ values: [String], to bytes: inout [UInt8]) {
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      var value = value
      value.withUTF8 { ArrayText.appendQuoted($0, to: &bytes) }
    }
  }
}

extension Substring: SQLValue {
  public static var sqlType: SQLType { .unknown }
  public static var sqlArrayType: SQLType { .unknown }
  public static var isQuotedInArrays: Bool { true }
  public func appendSQLText(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: utf8)
  }
}

extension Date: SQLValue {
  public static var sqlType: SQLType { .timestamptz }
  public static var sqlArrayType: SQLType { .timestamptzArray }
  public static var isQuotedInArrays: Bool { true }
  public func appendSQLText(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: Timestamp.text(of: self).utf8)
  }
}

extension Duration: SQLValue {
  public static var sqlType: SQLType { .interval }
  public static var sqlArrayType: SQLType { .intervalArray }
  public static var isQuotedInArrays: Bool { true }
  public func appendSQLText(to bytes: inout [UInt8]) {
    let micros = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    bytes.append(contentsOf: "\(micros) microseconds".utf8)
  }
}
