/// One function of a plugin: params in, a result and any number of items out.
///
///     struct Mean: Handler {
///         static let name = "example.mean"
///         static let version = "1.0.0"
///         static let params = Schema.object(required: ["numbers": .array(of: .number("one of them"), "at least one")])
///         struct Params: Decodable { var numbers: [Double] }
///         struct Result: Encodable { var mean: Double }
///
///         func run(_ params: Params, _ task: Task) throws -> Result {
///             Result(mean: params.numbers.reduce(0, +) / Double(params.numbers.count))
///         }
///     }
///
/// A property of `Params` or `Result` has the name of the JSON member. What an error says of params is a JSON Pointer.
/// A task runs on one thread, and one at a time in its process.
public protocol Handler: Sendable {
  associatedtype Params: Decodable
  /// `NoResult` if there is none.
  associatedtype Result: Encodable

  /// `family.verb`.
  static var name: String { get }
  /// Semantic version of what goes in and comes out.
  static var version: String { get }
  static var title: String? { get }
  static var description: String? { get }
  /// Of the params; what `Params` decodes must be what it allows.
  static var params: Schema { get }
  /// Of the result; nil allows any.
  static var result: Schema? { get }
  /// Of each emitted item; nil: this handler emits none.
  static var items: Schema? { get }
  /// What it cannot run without.
  static var services: [Service] { get }
  /// What it uses when the operator grants it.
  static var optional: [Service] { get }
  /// True if running twice with one task id equals once. Otherwise a task whose process died is not tried again.
  static var isIdempotent: Bool { get }
  /// nil leaves it to the host.
  static var timeout: Duration? { get }
  static var memoryMB: Int? { get }

  /// Does the work of one task. What it emits, rejects and returns becomes visible together, and only if it does not throw.
  func run(_ params: Params, _ task: Task) throws -> Result
  /// Throws what `run` would refuse, early and without side effects.
  func check(_ params: Params, _ task: Task) throws
}

extension Handler {
  public static var title: String? { nil }
  public static var description: String? { nil }
  public static var result: Schema? { nil }
  public static var items: Schema? { nil }
  public static var services: [Service] { [] }
  public static var optional: [Service] { [] }
  public static var isIdempotent: Bool { false }
  public static var timeout: Duration? { nil }
  public static var memoryMB: Int? { nil }

  public func check(_ params: Params, _ task: Task) throws {}
}

/// The result of a handler that has none.
public struct NoResult: Encodable, Sendable {
  public init() {}
}
