import HTTPTypes
import Workflow

/// One thing that the API can be asked for: all that serving and documenting it needs.
struct Route: Sendable {
  /// How the answer is made.
  enum Work: Sendable {
    /// On a thread that may block: whatever calls the engine.
    case blocking(@Sendable (Call) throws -> Answer)
    case quick(@Sendable (Call) async throws -> Answer)
  }

  /// An answer that is no problem.
  struct Success: Sendable {
    var status: Int
    var summary: String
    /// The name of a schema of the document; nil: the answer has no JSON.
    var schema: String?
    /// Names and meanings.
    var headers: [(String, String)] = []
    /// Of an answer that is no JSON, such as a page; nil: it has no body.
    var contentType: String?
    /// Other forms that an `Accept` may ask for.
    var otherTypes: [String] = []
  }

  /// Whom an answer is for.
  enum Audience: Sendable {
    /// The document describes it.
    case programs
    /// A page or what belongs to one: problems are pages, too, and fields that a form left empty are not there.
    case people
  }

  var method: HTTPRequest.Method
  var path: PathTemplate
  /// The operation's name for generated clients.
  var id: String
  var summary: String
  /// Who may ask.
  var access: Access
  var parameters: [Parameter]
  /// What the body is; nil: none is read.
  var body: String?
  /// The name of the body's schema in the document; nil: any object.
  var bodySchema: String?
  var bodyType: String
  var successes: [Success]
  /// Beyond those that every route has.
  var problems: [ProblemKind]
  var audience: Audience
  var work: Work

  init(
    _ method: HTTPRequest.Method, _ path: String, id: String, _ summary: String, access: Access = .viewer, parameters: [Parameter] = [],
    body: String? = nil, bodySchema: String? = nil, bodyType: String = "application/json", successes: [Success],
    problems: [ProblemKind] = [], audience: Audience = .programs, _ work: Work
  ) {
    self.method = method
    self.path = PathTemplate(path)
    self.id = id
    self.summary = summary
    self.access = access
    self.parameters = parameters
    self.body = body
    self.bodySchema = bodySchema
    self.bodyType = bodyType
    self.successes = successes
    self.problems = problems
    self.audience = audience
    self.work = work
  }

  /// A route that only reads.
  static func get(
    _ path: String, id: String, _ summary: String, access: Access = .viewer, parameters: [Parameter] = [], schema: String,
    problems: [ProblemKind] = [], _ answer: @escaping @Sendable (Call) throws -> Answer
  ) -> Route {
    Route(
      .get, path, id: id, summary, access: access, parameters: parameters,
      successes: [Success(status: 200, summary: summary, schema: schema)],
      problems: problems, .blocking(answer))
  }

  var queryParameters: [Parameter] { parameters.filter { $0.place == .query } }
  var pathParameters: [Parameter] { parameters.filter { $0.place == .path } }

  /// Every kind of problem that it can answer with, once it was found.
  var allProblems: [ProblemKind] {
    var kinds: [ProblemKind] = [.malformedURL, .invalidQuery, .foreignHost, .urlTooLong, .fault, .overloaded]
    if !pathParameters.isEmpty { kinds.append(.invalidID) }
    if case .blocking = work { kinds += [.databaseAway, .notStorable] }
    if access != .open { kinds += [.unauthorized, .forbidden, .tooManyTries] }
    if method != .get { kinds.append(.foreignOrigin) }
    if body != nil { kinds.append(.bodyTooLarge) }
    return kinds + problems
  }
}
