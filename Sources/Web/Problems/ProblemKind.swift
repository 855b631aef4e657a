/// What can be wrong with a request or with the server; each has one HTTP status.
enum ProblemKind: String, Sendable, CaseIterable {
  case malformedURL = "malformed-url"
  case invalidID = "invalid-id"
  case invalidQuery = "invalid-query"
  case notJSON = "not-json"
  case notStorable = "not-storable"
  case unauthorized
  case foreignHost = "foreign-host"
  case foreignOrigin = "foreign-origin"
  case forbidden
  case noPath = "no-path"
  case noWorkflow = "no-workflow"
  case noJob = "no-job"
  case noStage = "no-stage"
  case noTask = "no-task"
  case noCollection = "no-collection"
  case noItem = "no-item"
  case noProvenance = "no-provenance"
  case noLimit = "no-limit"
  case noQuarantine = "no-quarantine"
  case noSchedule = "no-schedule"
  case noBackfill = "no-backfill"
  case scheduleOfDataset = "schedule-of-dataset"
  case noTrigger = "no-trigger"
  case triggerPaused = "trigger-paused"
  case unsigned
  case invalidTrigger = "invalid-trigger"
  case noDataset = "no-dataset"
  case noDatasetVersion = "no-dataset-version"
  case methodNotAllowed = "method-not-allowed"
  case jobHasEnded = "job-has-ended"
  case stateForbids = "state-forbids"
  case collectionInUse = "collection-in-use"
  case noHandler = "no-handler"
  case noToken = "no-token"
  case noSession = "no-session"
  case tokenNameTaken = "token-name-taken"
  case datasetExists = "dataset-exists"
  case datasetInUse = "dataset-in-use"
  case invalidDataset = "invalid-dataset"
  case curatedTablesAway = "curated-tables-away"
  case noStyle = "no-style"
  case styleExists = "style-exists"
  case styleIsDerived = "style-is-derived"
  case invalidStyle = "invalid-style"
  case noTile = "no-tile"
  case datasetNotDrawn = "dataset-not-drawn"
  case notAcceptable = "not-acceptable"
  case wrongMediaType = "wrong-media-type"
  case tooManyTries = "too-many-tries"
  case bodyTooLarge = "body-too-large"
  case urlTooLong = "url-too-long"
  case invalidParameters = "invalid-parameters"
  case invalidWorkflow = "invalid-workflow"
  case invalidLimit = "invalid-limit"
  case invalidSchedule = "invalid-schedule"
  case hasChanged = "has-changed"
  case fault
  case overloaded
  case databaseAway = "database-away"
  case hostGone = "host-gone"

  /// A URI that names the kind, the same for ever.
  var uri: String { "urn:weir:problem:\(rawValue)" }

  var status: Int {
    switch self {
    case .malformedURL, .invalidID, .invalidQuery, .notJSON, .notStorable: 400
    case .unauthorized, .unsigned: 401
    case .foreignHost, .foreignOrigin, .forbidden: 403
    case .noPath, .noWorkflow, .noJob, .noStage, .noTask, .noCollection, .noItem, .noProvenance, .noLimit,
      .noQuarantine, .noSchedule, .noBackfill, .noTrigger, .noToken, .noSession, .noDataset, .noDatasetVersion, .noStyle, .noTile:
      404
    case .methodNotAllowed: 405
    case .notAcceptable: 406
    case .jobHasEnded, .stateForbids, .collectionInUse, .noHandler, .tokenNameTaken, .datasetExists, .datasetInUse,
      .scheduleOfDataset, .styleExists, .styleIsDerived, .datasetNotDrawn:
      409
    case .bodyTooLarge: 413
    case .urlTooLong: 414
    case .wrongMediaType: 415
    case .hasChanged: 412
    case .invalidParameters, .invalidWorkflow, .invalidLimit, .invalidSchedule, .invalidDataset, .invalidTrigger, .invalidStyle: 422
    case .tooManyTries: 429
    case .fault: 500
    case .overloaded, .databaseAway, .hostGone, .curatedTablesAway, .triggerPaused: 503
    }
  }

  /// The same words for every problem of the kind.
  var title: String {
    switch self {
    case .malformedURL: "The URL cannot be read"
    case .invalidID: "The path holds an id that cannot be one"
    case .invalidQuery: "The query is not valid"
    case .notJSON: "The body is not a JSON object"
    case .notStorable: "The request holds what the database cannot store"
    case .unauthorized: "A token or a session is needed"
    case .foreignHost: "The request was meant for another host"
    case .foreignOrigin: "Pages of other sites may not change anything"
    case .forbidden: "The role does not allow this"
    case .noPath: "There is nothing at this path"
    case .noWorkflow: "There is no such workflow"
    case .noJob: "There is no such job"
    case .noStage: "The job has no such stage"
    case .noLimit: "There is no such limit"
    case .noTask: "The stage has no such task"
    case .noCollection: "There is no such collection"
    case .noItem: "The collection has no such item"
    case .noProvenance: "It is not known who put the item"
    case .noDataset: "There is no such dataset"
    case .noDatasetVersion: "The dataset has no such version"
    case .datasetExists: "There is such a dataset already"
    case .datasetInUse: "As the dataset is now, this cannot be done"
    case .invalidDataset: "The dataset is not valid"
    case .curatedTablesAway: "The curated tables cannot be reached"
    case .noStyle: "There is no such style"
    case .styleExists: "There is such a style already"
    case .styleIsDerived: "The style was never stored"
    case .invalidStyle: "The style is not valid"
    case .noTile: "There is no such tile"
    case .datasetNotDrawn: "The dataset is nothing for a map"
    case .notAcceptable: "It is not to be had in the form that was asked for"
    case .wrongMediaType: "The body is not in a form that can be read"
    case .noQuarantine: "There is no such build in quarantine"
    case .noSchedule: "There is no such schedule"
    case .noBackfill: "There is no such backfill"
    case .scheduleOfDataset: "The schedule is a dataset's"
    case .noTrigger: "There is no such trigger"
    case .triggerPaused: "The trigger is paused"
    case .unsigned: "The message is not believed"
    case .invalidTrigger: "The trigger is not valid"
    case .methodNotAllowed: "The path does not take this method"
    case .jobHasEnded: "The job has ended already"
    case .stateForbids: "As the job is now, this cannot be done"
    case .collectionInUse: "A job is writing the collection"
    case .noHandler: "The workflow uses a handler that no plugin has"
    case .noToken: "There is no such token"
    case .noSession: "There is no such session"
    case .tokenNameTaken: "A token has this name already"
    case .tooManyTries: "Too many wrong tokens were sent"
    case .bodyTooLarge: "The body is too large"
    case .urlTooLong: "The URL is too long"
    case .invalidParameters: "The parameters are not valid"
    case .invalidLimit: "The limit is not valid"
    case .invalidSchedule: "The schedule is not valid"
    case .hasChanged: "Somebody changed it since it was read"
    case .invalidWorkflow: "The workflow is not valid"
    case .fault: "The server has a fault"
    case .overloaded: "The server has too much to do"
    case .databaseAway: "The database cannot be reached"
    case .hostGone: "This host was given up"
    }
  }

  /// Seconds after which the same request may succeed.
  var retryAfter: Int? {
    switch self {
    case .overloaded: 1
    case .tooManyTries: 6
    case .triggerPaused: 300
    case .databaseAway, .hostGone, .curatedTablesAway: 5
    default: nil
    }
  }
}
