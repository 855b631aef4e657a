import Testing
import Workflow

@Suite struct `Template rendering` {
  static let scope = TaskScope(
    params: raw(
      #"{"source":"bronze","year":2020,"ratio":0.49,"big":12345678901234567890,"flag":false,"none":null,"list":[10,[20]],"quote":"a\"\u00e9\n"}"#
    ),
    stages: ["inventory": .init(result: raw(#"{"id":"x", "n": 10.0}"#), totals: raw(#"{"items":3}"#)), "skipped": .init()],
    job: raw(#"{"id":"42","workflow":"example","dedup_key":null}"#), item: raw(#"{ "id": "i1", "proj:epsg": 4326, "size": 1.50 }"#),
    items: raw(#"[1, 2.0]"#), index: 7)

  static func raw(_ text: String) -> RawJSON { RawJSON(unchecked: ArraySlice(text.utf8)) }

  static func rendered(_ source: String) throws -> String {
    String(decoding: try Template(JSON(parsing: source)).render(in: scope), as: UTF8.self)
  }

  @Test(arguments: [
    (#"{"a":1.50,"b":[true,null,"x"]}"#, #"{"a":1.50,"b":[true,null,"x"]}"#),
    (#""${params.ratio}""#, "0.49"), (#""${params.big}""#, "12345678901234567890"),
    (#""${stages.inventory.result.n}""#, "10.0"), (#""${stages.inventory.totals.items}""#, "3"),
    (#""${item}""#, #"{ "id": "i1", "proj:epsg": 4326, "size": 1.50 }"#), (#""${item.proj:epsg}""#, "4326"),
    (#""${items}""#, "[1, 2.0]"), (#""${items[1]}""#, "2.0"), (#""${index}""#, "7"),
    (#""${params.list[1][0]}""#, "20"), (#""${job.id}""#, #""42""#), (#""${params.quote}""#, #""a\"\u00e9\n""#),
    (#"{"${item}":["${index}"]}"#, #"{"${item}":[7]}"#),
  ])
  func `puts a whole value in with its text unchanged`(source: String, expected: String) throws {
    #expect(try Self.rendered(source) == expected)
  }

  @Test(arguments: [
    (#""t/${index}/${item.id}.tif""#, #""t/7/i1.tif""#), (#""${params.source}${params.flag}""#, #""bronzefalse""#),
    (#""a\n\"${params.quote}""#, #""a\n\"a\"\u00e9\n""#), (#""x ${params.list}""#, #""x [10,[20]]""#),
    (#""x ${stages.inventory.result}""#, #""x {\"id\":\"x\",\"n\":10.0}""#),
    (#""$${item} costs $5 or $""#, #""${item} costs $5 or $""#), (#""$${a}${index}""#, #""${a}7""#), (#""é${index}""#, #""é7""#),
  ])
  func `puts values into a longer string`(source: String, expected: String) throws {
    #expect(try Self.rendered(source) == expected)
  }

  @Test(arguments: [
    "${params.absent}", "${params.none}", "${params.none.x}", "${params.absent.x[3]}", "${params.list[9]}", "${items[2]}",
    "${stages.skipped.result}", "${stages.skipped.totals.x}", "${job.dedup_key}",
  ])
  func `takes what is not there for null`(expression: String) throws {
    #expect(try Self.rendered("\"\(expression)\"") == "null")
    let error = #expect(throws: ExpressionError.self) { try Self.rendered("\"x\(expression)\"") }
    #expect(error?.message == "\(expression) has no value, and the string around it needs one.")
  }

  @Test(arguments: [
    ("${params.source.x}", "${params.source.x}: params.source is a string."),
    ("${params.year[0]}", "${params.year[0]}: params.year is a number."),
    ("${params.list.x}", "${params.list.x}: params.list is an array."), ("${item[0]}", "${item[0]}: item is an object."),
    ("${stages.later.result}", "${stages.later.result} cannot be read here."),
  ])
  func `says why a path leads nowhere`(expression: String, message: String) throws {
    let error = #expect(throws: ExpressionError.self) { try Self.rendered("\"\(expression)\"") }
    #expect(error?.message == message)
  }

  @Test func `cannot read an item outside a fan-out`() throws {
    let scope = TaskScope(params: Self.raw("{}"), job: Self.raw("{}"))
    for expression in ["${item}", "${items}", "${index}"] {
      let template = try Template(JSON(expression))
      let error = #expect(throws: ExpressionError.self) { try template.render(in: scope) }
      #expect(error?.message == "\(expression) cannot be read here.")
    }
  }

  @Test func `knows its expressions and where they stand`() throws {
    let template = try Template(JSON(parsing: #"{"a":[1,{"b":"${item.x}"}],"c":"${index}-${params.y[2]}"}"#))
    #expect(
      template.slots.map { "\($0.place) \($0.path) \($0.isWhole)" } == ["a[1].b item.x true", "c index false", "c params.y[2] false"])
    #expect(try Template("${item}").isOneExpression)
    #expect(try !Template("${item}x").isOneExpression)
    #expect(try !Template(["${item}"]).isOneExpression)
    #expect(Template.empty == (try Template([:])))
  }

  @Test func `says everything that is wrong at once`() throws {
    let source = try JSON(parsing: #"["${parms}", {"a": "${item"}]"#)
    let error = #expect(throws: TemplateError.self) { try Template(source) }
    #expect(error?.description == "[0]: \"${parms}\": there is no \"parms\" to read.\n[1].a: \"${\" is never closed.")
  }
}
