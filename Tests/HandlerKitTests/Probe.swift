import HandlerKit
import HandlerStub
import Synchronization

/// A handler whose work the test gives, and the host that calls it.
struct Probe: Handler {
  static let name = "kit.probe"
  static let version = "1.2.3"
  static let title: String? = "A probe"
  static let params = Schema.object(required: ["n": .integer()], optional: ["list": .array(of: .object(required: ["x": .number()]))])
  static let services: [Service] = [.storage]
  static let optional: [Service] = [.log, .progress, .metric, .cancel, .checkpoint, .stac, .sql, .http]
  static let isIdempotent = true
  static let timeout: Duration? = .seconds(90)

  struct Params: Codable {
    struct Element: Codable { var x: Double }
    var n: Int
    var list: [Element]?
  }

  struct Result: Encodable {
    var n: Int
    var url = "a/b"
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    try ProbeWork.work.withLock { $0 }?(params, task)
    return Result(n: params.n)
  }

  func check(_ params: Params, _ task: Task) throws {
    if params.n < 0 { throw HandlerError.invalid("n is negative.", pointer: "/n") }
  }
}
