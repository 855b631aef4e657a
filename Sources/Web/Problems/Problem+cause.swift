import Database
import Engine
import Workflow

extension Problem {
  /// What a caller is told of an error; its raw text stays in the log.
  init(cause error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as EngineError: self.init(error)
    case let error as AccessError: self.init(error)
    case let error as DatabaseError: self.init(error)
    default: self = .fault
    }
  }

  static let fault = Problem(
    .fault, "the request could not be answered; this is no fault of yours",
    hint: "The host's log says why. Please report it, with the lines of the log.")

  init(_ error: EngineError) {
    let kind: ProblemKind
    var errors: [JSON] = []
    switch error.code {
    case .noWorkflow: kind = .noWorkflow
    case .invalidWorkflow(let problems):
      kind = .invalidWorkflow
      errors = problems.map(Self.mistake)
    case .invalidParams(let problems):
      kind = .invalidParameters
      errors = problems.map(Self.mistake)
    case .paramsNotJSON: kind = .notJSON
    case .noHandler, .pluginUnavailable: kind = .noHandler
    case .noJob: kind = .noJob
    case .noStage: kind = .noStage
    case .noTask: kind = .noTask
    case .jobHasEnded: kind = .jobHasEnded
    case .jobIsCancelling, .jobIsPaused, .stageNotRunning, .stageBehindRuns, .stageIsReused, .stageNotUsable: kind = .stateForbids
    case .dedupKeyTooLong, .tooManyLabels: kind = .invalidQuery
    case .noCollection: kind = .noCollection
    case .noItem: kind = .noItem
    case .noProvenance: kind = .noProvenance
    case .collectionInUse: kind = .collectionInUse
    case .noLimit: kind = .noLimit
    case .invalidLimit: kind = .invalidLimit
    case .notQuarantined: kind = .noQuarantine
    case .noSchedule: kind = .noSchedule
    case .noBackfill: kind = .noBackfill
    case .scheduleOfDataset: kind = .scheduleOfDataset
    case .noTrigger: kind = .noTrigger
    case .invalidTrigger: kind = .invalidTrigger
    case .triggerHasChanged: kind = .hasChanged
    case .triggerIsPaused: kind = .triggerPaused
    case .unsigned: kind = .unsigned
    case .invalidSchedule: kind = .invalidSchedule
    case .scheduleHasChanged: kind = .hasChanged
    case .hostIsGone: kind = .hostGone
    case .noDataset: kind = .noDataset
    case .noDatasetVersion: kind = .noDatasetVersion
    case .datasetExists: kind = .datasetExists
    case .datasetIsUpdating, .datasetHasTable, .targetTaken, .noCuratedTables, .curatedSwapRefused: kind = .datasetInUse
    case .datasetChanged: kind = .hasChanged
    case .curatedTablesAway, .curatedTableBusy: kind = .curatedTablesAway
    case .noStyle: kind = .noStyle
    case .styleExists: kind = .styleExists
    case .styleChanged: kind = .hasChanged
    case .styleIsDerived: kind = .styleIsDerived
    case .styleNotSLD: kind = .notAcceptable
    case .datasetNotDrawn, .tileTooLarge: kind = .datasetNotDrawn
    case .tileTooSlow: kind = .overloaded
    case .invalidStyle(let problems):
      kind = .invalidStyle
      errors = problems.map(Self.mistake)
    case .invalidDataset(let problems):
      kind = .invalidDataset
      errors = problems.map(Self.mistake)
    }
    // the list says it all, each mistake with its place
    self.init(kind, error.message, hint: errors.isEmpty ? error.hint : nil, errors: errors)
  }

  init(_ error: AccessError) {
    let kind: ProblemKind =
      switch error.code {
      case .noToken: .noToken
      case .tokenNameTaken: .tokenNameTaken
      case .invalidTokenName: .invalidParameters
      case .noSession: .noSession
      }
    self.init(kind, error.message, hint: error.hint)
  }

  init(_ error: DatabaseError) {
    if error.isUnreachable {
      self.init(.databaseAway, "PostgreSQL is away, starting or stopping", hint: "Come back in a moment; `weir db status` says more.")
    } else if case .poolExhausted = error.code {
      self.init(.overloaded, "every connection to the database is in use", hint: error.hint)
    } else if error.isRetryable || error.code == .cancelled {
      self.init(.overloaded, "others are changing the same rows", hint: "Send the request again.")
    } else if case .encoding = error.code {
      self.init(.notStorable, "the request holds a character that PostgreSQL cannot store", hint: error.hint)
    } else if error.sqlstate?.hasPrefix("22") == true {
      self.init(
        .notStorable, "the request holds a value that PostgreSQL cannot store",
        hint: "Look for numbers that are out of range, and for the character U+0000.")
    } else {
      self = .fault
    }
  }

  static func mistake(_ problem: SchemaProblem) -> JSON {
    [
      "pointer": .string(problem.pointer), "message": .string(problem.message), "keyword": .string(problem.keyword),
      "expected": .string(problem.expected), "given": .string(problem.given),
      "suggestion": problem.suggestion.map(JSON.string) ?? .null,
    ]
  }

  static func mistake(_ problem: Workflow.Problem) -> JSON {
    ["path": .string(problem.path), "message": .string(problem.message), "suggestion": problem.hint.map(JSON.string) ?? .null]
  }
}
