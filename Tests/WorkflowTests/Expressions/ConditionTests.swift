import Testing
import Workflow

@Suite struct `Condition` {
  static let scope = TaskScope(
    params: RawJSON(
      unchecked: ArraySlice(#"{"mode":"full","n":1.0,"big":9007199254740993,"list":["a",2],"none":null,"o":{"a":1,"b":2}}"#.utf8)),
    job: RawJSON(unchecked: ArraySlice("{}".utf8)))

  static func holds(_ source: String) throws -> Bool {
    try Workflow.Condition(JSON(parsing: source)).holds(in: scope)
  }

  @Test(arguments: [
    #"{"equals":["${params.mode}","full"]}"#, #"{"equals":["${params.n}",1]}"#, #"{"equals":["${params.o}",{"b":2.0,"a":1}]}"#,
    #"{"equals":["${params.absent}",null]}"#, #"{"equals":["x-${params.mode}","x-full"]}"#, #"{"not":{"equals":["${params.n}","1"]}}"#,
    #"{"in":["${params.mode}",["quick","full"]]}"#, #"{"in":[2.0,"${params.list}"]}"#, #"{"less":[1,2]}"#,
    #"{"greater":["${params.n}",0.5]}"#,
    #"{"greater":["${params.big}",9007199254740992]}"#,
    #"{"exists":"${params.mode}"}"#, #"{"all":[{"exists":"${params.n}"},{"less":["${params.n}",2]}]}"#,
    #"{"any":[{"exists":"${params.none}"},{"exists":"${params.n}"}]}"#,
  ])
  func `holds`(source: String) throws {
    #expect(try Self.holds(source))
    #expect(try !Self.holds(#"{"not":\#(source)}"#))
  }

  @Test(arguments: [
    #"{"exists":"${params.none}"}"#, #"{"exists":"${params.absent}"}"#, #"{"less":[1,1.0]}"#, #"{"greater":[1,2]}"#,
    #"{"all":[{"less":[1,2]},{"less":[2,1]}]}"#, #"{"any":[{"less":[2,1]}]}"#, #"{"equals":["${params.n}",true]}"#,
    #"{"in":["b","${params.list}"]}"#,
  ])
  func `does not hold`(source: String) throws {
    #expect(try !Self.holds(source))
  }

  @Test(arguments: [
    (#"{"less":["${params.mode}",1]}"#, "\"less\" needs two numbers, got the string \"full\"."),
    (#"{"greater":[1,"${params.absent}"]}"#, "\"greater\" needs two numbers, got null."),
    (#"{"in":[1,"${params.mode}"]}"#, "\"in\" needs an array, got the string \"full\"."),
  ])
  func `says what it cannot compare`(source: String, message: String) throws {
    let error = #expect(throws: ExpressionError.self) { try Self.holds(source) }
    #expect(error?.message == message)
  }

  @Test func `knows its expressions and where they stand`() throws {
    let condition = try Workflow.Condition(
      JSON(parsing: #"{"all":[{"not":{"exists":"${params.a}"}},{"equals":["x",["${stages.b.result}"]]}]}"#))
    #expect(condition.slots.map { "\($0.place) \($0.path)" } == ["all[0].not.exists params.a", "all[1].equals[1][0] stages.b.result"])
  }
}
