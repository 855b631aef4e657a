import CPostgres
import Glibc

/// What a handler's statement gave, written as JSON row by row while it comes.
public struct GuestAnswer: Sendable {
  /// `{"columns":[..],"rows":[[..]],"affected":n}`, values as PostgreSQL's text or null.
  public private(set) var json: [UInt8] = Array(#"{"columns":["#.utf8)
  private var hasColumns = false
  private var rows = 0

  mutating func append(_ result: OpaquePointer) {
    describe(result)
    for row in 0..<PQntuples(result) {
      json.append(contentsOf: rows == 0 ? [UInt8(ascii: "[")] : [UInt8(ascii: ","), UInt8(ascii: "[")])
      rows += 1
      for column in 0..<PQnfields(result) {
        if column > 0 { json.append(UInt8(ascii: ",")) }
        append(value: result, row, column)
      }
      json.append(UInt8(ascii: "]"))
    }
  }

  mutating func finish(_ last: OpaquePointer?) {
    if let last { append(last) }
    if !hasColumns { json.append(contentsOf: #"],"rows":["#.utf8) }
    let affected = last.flatMap { PQcmdTuples($0) }.flatMap { Int(String(cString: $0)) } ?? 0
    json.append(contentsOf: "],\"affected\":\(affected)}".utf8)
  }

  private mutating func describe(_ result: OpaquePointer) {
    guard !hasColumns else { return }
    hasColumns = true
    for column in 0..<PQnfields(result) {
      if column > 0 { json.append(UInt8(ascii: ",")) }
      let name = PQfname(result, column).map { UnsafeRawBufferPointer(start: $0, count: strlen($0)) }
      append(string: name ?? UnsafeRawBufferPointer(start: nil, count: 0))
    }
    json.append(contentsOf: #"],"rows":["#.utf8)
  }

  private mutating func append(value result: OpaquePointer, _ row: Int32, _ column: Int32) {
    guard PQgetisnull(result, row, column) == 0 else { return json.append(contentsOf: "null".utf8) }
    append(string: UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column))))
  }

  private mutating func append(string bytes: UnsafeRawBufferPointer) {
    json.append(UInt8(ascii: "\""))
    var plain = 0
    for (index, byte) in bytes.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
      json.append(contentsOf: bytes[plain..<index])
      plain = index + 1
      switch byte {
      case 0x0A: json.append(contentsOf: #"\n"#.utf8)
      case 0x0D: json.append(contentsOf: #"\r"#.utf8)
      case 0x09: json.append(contentsOf: #"\t"#.utf8)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        json.append(contentsOf: #"\u00"#.utf8)
        json.append(digits[Int(byte >> 4)])
        json.append(digits[Int(byte & 15)])
      default: json.append(contentsOf: [UInt8(ascii: "\\"), byte])
      }
    }
    json.append(contentsOf: bytes[plain...])
    json.append(UInt8(ascii: "\""))
  }
}
