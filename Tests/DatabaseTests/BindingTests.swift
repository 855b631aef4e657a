import Database
import FoundationEssentials
import TestSupport
import Testing

@Suite struct BindingTests {
  @Test(arguments: [0, 1, -1, Int.max, Int.min]) func `integers come back exactly`(value: Int) throws {
    let test = try TestDatabase.make()
    #expect(try Make.one("SELECT \(value) AS v", in: test.database).int("v") == value)
  }

  @Test(arguments: [0.1, -0.0, 1e300, .leastNonzeroMagnitude, .infinity, -.infinity, 0.49])
  func `doubles come back exactly`(value: Double) throws {
    let test = try TestDatabase.make()
    #expect(try Make.one("SELECT \(value) AS v", in: test.database).double("v") == value)
  }

  @Test(arguments: ["", "plain", "it's", "back\\slash", "{a,\"b\"}", "line\nbreak\ttab", "ü 𒍟※ 👩‍🌾", "NULL", "$1"])
  func `texts come back exactly, alone and in arrays`(value: String) throws {
    let test = try TestDatabase.make()
    let row = try Make.one("SELECT \(value)::text AS one, \([value, "x", value])::text[] AS many", in: test.database)
    #expect(try row.string("one") == value)
    #expect(try row.strings("many") == [value, "x", value])
  }

  @Test func `bytes come back exactly, alone and in arrays`() throws {
    let test = try TestDatabase.make()
    let bytes = [UInt8](0...255)
    let row = try Make.one("SELECT \(bytes) AS one, (\([bytes, []]))[1] AS first, (\([bytes, []]))[2] AS second", in: test.database)
    #expect(try row.bytes("one") == bytes)
    #expect(try row.bytes("first") == bytes)
    #expect(try row.bytes("second").isEmpty)
  }

  @Test func `arrays of numbers and truths are bound as such`() throws {
    let test = try TestDatabase.make()
    let row = try Make.one(
      "SELECT \([1, -2]) AS i, \([0.5])::text AS d, \([true, false])::text AS b, \([Int]()) AS none, \([1, nil, 3])::text AS gaps",
      in: test.database)
    #expect(try row.ints("i") == [1, -2])
    #expect(try row.string("d") == "{0.5}")
    #expect(try row.string("b") == "{t,f}")
    #expect(try row.ints("none").isEmpty)
    #expect(try row.string("gaps") == "{1,NULL,3}")
  }

  @Test func `NULL is bound for nil of every type`() throws {
    let test = try TestDatabase.make()
    let row = try Make.one(
      """
      SELECT \(nil as Int?) AS a, \(nil as String?)::text AS b, \(nil as [UInt8]?) AS c, \(nil as Date?) AS d,
        \(nil as [Int]?) AS e, \(text: nil as [UInt8]?)::jsonb AS f, \(nil as Bool?) AS g, \(["x", nil])::text[] AS h
      """, in: test.database)
    for column in ["a", "b", "c", "d", "e", "f", "g"] { #expect(row.isNull(column)) }
    #expect(try row.intOrNil("a") == nil)
    #expect(try row.string("h") == "{x,NULL}")
  }

  @Test(arguments: [-62_135_596_800.0, -1.5, 0, 1.000001, 951_827_696.789, 32_503_680_000])
  func `times come back to the microsecond`(seconds: Double) throws {
    let test = try TestDatabase.make()
    let date = Date(timeIntervalSince1970: seconds)
    let row = try Make.one("SELECT \(date) AS v, extract(epoch FROM \(date))::float8 AS s", in: test.database)
    #expect(abs(try row.date("v").timeIntervalSince1970 - seconds) < 1e-6)
    #expect(abs(try row.double("s") - seconds) < 1e-6)
  }

  @Test func `times are read in any time zone, and before Christ`() throws {
    let test = try TestDatabase.make { $0.settings = [.init("timezone", "Asia/Kolkata")] }
    let row = try Make.one(
      """
      SELECT '2024-02-29 12:00:00+00'::timestamptz AS a, '1850-01-01 00:00+00'::timestamptz AS c,
        '0044-03-15 BC'::date AS b, extract(epoch FROM '0044-03-15 BC'::date)::float8 AS b_seconds
      """, in: test.database)
    #expect(try row.date("a").timeIntervalSince1970 == 1_709_208_000)
    #expect(try row.date("b").timeIntervalSince1970 == row.double("b_seconds"))
    // Kolkata then was +05:53:28.
    #expect(try row.date("c").timeIntervalSince1970 == -3_786_825_600)
  }

  @Test func `durations are intervals`() throws {
    let test = try TestDatabase.make()
    let row = try Make.one("SELECT extract(epoch FROM \(Duration.milliseconds(1500)))::float8 AS s", in: test.database)
    #expect(try row.double("s") == 1.5)
  }

  @Test func `JSON travels as text, byte for byte`() throws {
    let test = try TestDatabase.make()
    let json = Array(#"{"a":10.0,"b":[1e2,"\u00fc"]}"#.utf8)
    let row = try Make.one(
      "SELECT \(text: json)::json AS one, (\(texts: [json, json])::jsonb[])[2] AS two", in: test.database)
    #expect(try row.text("one") == json)
    #expect(try row.string("two") == #"{"a": 10.0, "b": [100, "ü"]}"#)
  }

  @Test func `U+0000 in a text is refused before it is sent`() throws {
    let test = try TestDatabase.make()
    let error = #expect(throws: DatabaseError.self) { try Make.one("SELECT \(1), \("a\0b")::text", in: test.database) }
    #expect(
      error?.description
        == "SELECT $1, $2::text: the value of $2 holds U+0000. Remove the character U+0000: PostgreSQL text cannot hold it.")
    #expect(throws: DatabaseError.self) { try Make.one("SELECT \(["x", "\0"])::text[]", in: test.database) }
    #expect(throws: DatabaseError.self) { try Make.one("SELECT 1 AS \(identifier: "a\0b")", in: test.database) }
  }

  @Test func `statements are put together with their values`() throws {
    let test = try TestDatabase.make()
    let inner: SQL = "v BETWEEN \(2) AND \(3)"
    let sql: SQL = "SELECT \(9)::int AS nine, sum(v) AS s FROM generate_series(1, \(5)) v WHERE \(raw: inner) OR v = \(5)"
    #expect(sql.text == "SELECT $1::int AS nine, sum(v) AS s FROM generate_series(1, $2) v WHERE v BETWEEN $3 AND $4 OR v = $5")
    let row = try Make.one(sql, in: test.database)
    #expect(try row.int("nine") == 9)
    #expect(try row.int("s") == 10)
  }

  @Test func `a statement put into another twice keeps its values apart`() {
    let inner: SQL = "\(1)"
    let twelve = (1...12).reduce(SQL("x")) { sql, _ in "\(raw: sql),\(raw: inner)" }
    #expect(twelve.text == "x,$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12")
    let again: SQL = "\(raw: inner) \(raw: twelve)"
    #expect(again.text == "$1 x,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13")
  }

  @Test func `names are quoted`() throws {
    let test = try TestDatabase.make()
    let row = try Make.one(#"SELECT 1 AS \#(identifier: #"a "b"; DROP"#)"#, in: test.database)
    #expect(try row.int(#"a "b"; DROP"#) == 1)
  }
}
