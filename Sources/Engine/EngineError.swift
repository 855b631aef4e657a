public import Workflow

/// Why the engine refused, as data; worded in `message` and `hint`.
public struct EngineError: Error, Sendable {
  public enum Code: Sendable {
    case noWorkflow(known: [String])
    case invalidWorkflow([Problem])
    case invalidParams([SchemaProblem])
    case paramsNotJSON(JSONSyntaxError)
    case noHandler(stage: String, handler: String, known: [String])
    /// A host has its manifest, but no machine all that its library needs.
    case pluginUnavailable(UnavailablePlugin, host: String)
    case noJob
    case noStage(known: [String])
    case noTask
    case jobHasEnded(JobState)
    case jobIsCancelling
    case jobIsPaused
    case stageNotRunning(StageState)
    case stageBehindRuns(tasks: Int)
    case stageIsReused(by: Int64)
    case stageNotUsable(before: String, StageState?)
    case dedupKeyTooLong(Int)
    case tooManyLabels(Int)
    case hostIsGone
    case noCollection
    case noItem(collection: String)
    case noProvenance(collection: String)
    /// A job that has not ended writes it.
    case collectionInUse(job: Int64)
    case noLimit(known: [String])
    /// Why it cannot be.
    case invalidLimit(String)
    case notQuarantined(known: [String])
    case noSchedule(known: [String])
    /// Why it cannot be.
    case invalidSchedule(String)
    /// Somebody changed it after the caller had read it.
    case scheduleHasChanged(generation: Int)
    case noBackfill
    /// It belongs to a dataset, and is changed with it.
    case scheduleOfDataset(String)
    case noTrigger(known: [String])
    /// Why it cannot be.
    case invalidTrigger(String)
    case triggerHasChanged(generation: Int)
    case triggerIsPaused
    /// Why a message is not believed.
    case unsigned(String)
    case noDataset(known: [String])
    case datasetExists
    /// Somebody changed it meanwhile.
    case datasetChanged(revision: Int)
    case datasetIsUpdating(job: Int64)
    case datasetHasTable(String)
    case targetTaken(table: String, owner: String)
    case noDatasetVersion(Int?, known: [Int])
    case noCuratedTables
    /// Why they cannot be reached.
    case curatedTablesAway(String)
    case curatedTableBusy
    /// Why a version cannot take the place of the current one.
    case curatedSwapRefused(String)
    case invalidDataset([Problem])
    case noStyle(known: [String])
    case styleExists
    /// Somebody changed it meanwhile.
    case styleChanged
    /// Nobody stored it, so there is nothing to remove.
    case styleIsDerived
    case invalidStyle([Problem])
    case styleNotSLD(why: String)
    /// Its table has no geometry with a reference system.
    case datasetNotDrawn(table: String)
    case tileTooSlow
    /// One feature alone makes it larger than tiles may be.
    case tileTooLarge(mebibytes: Int)
  }

  public var code: Code
  /// What it is about: a workflow's name, a job's id.
  public var subject: String

  public init(_ code: Code, subject: String) {
    self.code = code
    self.subject = subject
  }

  /// What is wrong, for a person.
  public var message: String {
    switch code {
    case .noWorkflow: "there is no workflow \"\(subject)\""
    case .invalidWorkflow(let problems):
      "workflow \"\(subject)\" is not valid: \(problems.count) \(problems.count == 1 ? "problem" : "problems")"
    case .invalidParams(let problems):
      "the parameters of \"\(subject)\" are not valid: \(problems.count) \(problems.count == 1 ? "problem" : "problems")"
    case .paramsNotJSON(let error):
      "the parameters of \"\(subject)\" are not a JSON object: line \(error.line), column \(error.column): \(error.message)"
    case .noHandler(let stage, let handler, _): "workflow \"\(subject)\", stage \"\(stage)\": no plugin has a handler \"\(handler)\""
    case .pluginUnavailable(let plugin, let host): "workflow \"\(subject)\", host \(host): \(plugin.message)"
    case .noJob: "there is no job \(subject)"
    case .noStage: "there is no stage \(subject)"
    case .noTask: "there is no task \(subject)"
    case .jobHasEnded(let state): "job \(subject) has ended already: \(state.rawValue)"
    case .jobIsCancelling: "job \(subject) is being cancelled"
    case .jobIsPaused: "job \(subject) is paused as a whole"
    case .stageNotRunning(let state): "stage \(subject) is not running but \(state.rawValue)"
    case .stageBehindRuns(let tasks):
      "stage \(subject) runs \(tasks) \(tasks == 1 ? "task" : "tasks") on what would change by a retry"
    case .stageIsReused(let job): "job \(job) reads what stage \(subject) gave"
    case .stageNotUsable(let first, let state):
      "a rerun from \"\(first)\" needs stage \(subject), which \(state.map { "is \($0.rawValue)" } ?? "that job does not have")"
    case .dedupKeyTooLong(let length): "dedup_key of \(length) characters; the most is 200"
    case .tooManyLabels(let count): "\(count) labels; the most is \(Jobs.mostLabels)"
    case .noCollection: "there is no collection \"\(subject)\""
    case .noItem(let collection): "there is no item \"\(subject)\" in collection \"\(collection)\""
    case .noProvenance(let collection): "item \"\(subject)\" of collection \"\(collection)\" was not registered by weir"
    case .collectionInUse(let job): "collection \"\(subject)\" is being written by job \(job)"
    case .noLimit: "there is no limit \"\(subject)\""
    case .invalidLimit(let why): "limit \"\(subject)\": \(why)"
    case .notQuarantined: "no build \"\(subject)\" is in quarantine, or more than one begins so"
    case .noSchedule: "there is no schedule \"\(subject)\""
    case .invalidSchedule(let why): "schedule \"\(subject)\": \(why)"
    case .scheduleHasChanged(let generation): "schedule \"\(subject)\" has changed since: its generation is \(generation)"
    case .noBackfill: "there is no backfill \(subject)"
    case .scheduleOfDataset(let dataset): "schedule \"\(subject)\" belongs to dataset \"\(dataset)\""
    case .noTrigger: "there is no trigger \"\(subject)\""
    case .invalidTrigger(let why): "trigger \"\(subject)\": \(why)"
    case .triggerHasChanged(let generation): "trigger \"\(subject)\" has changed since: its generation is \(generation)"
    case .triggerIsPaused: "trigger \"\(subject)\" is paused"
    case .unsigned(let why): "the message for trigger \"\(subject)\" is not believed: \(why)"
    case .hostIsGone: "host \(subject) was given up: its lease was not renewed in time"
    case .noDataset: "there is no dataset \"\(subject)\""
    case .datasetExists: "there is a dataset \"\(subject)\" already"
    case .datasetChanged(let revision): "dataset \"\(subject)\" was changed meanwhile: it is at revision \(revision)"
    case .datasetIsUpdating(let job): "dataset \"\(subject)\" is being updated by job \(job)"
    case .datasetHasTable(let table): "dataset \"\(subject)\" has versions in \(table) already: its table cannot be another"
    case .targetTaken(let table, let owner): "dataset \"\(subject)\": its table \(table) is that of dataset \"\(owner)\""
    case .noDatasetVersion(let version, let known):
      "dataset \"\(subject)\" has no version \(version.map { "\($0)" } ?? (known.isEmpty ? "yet" : "before the current one"))"
    case .invalidDataset(let problems):
      "dataset \"\(subject)\" is not valid: \(problems.count) \(problems.count == 1 ? "problem" : "problems")"
    case .curatedTablesAway(let why): "dataset \"\(subject)\": \(why)"
    case .curatedTableBusy: "dataset \"\(subject)\": its table is being read without a pause, so no other can take its place"
    case .curatedSwapRefused(let why): "dataset \"\(subject)\": \(why)"
    case .noCuratedTables: "dataset \"\(subject)\": no database for handlers is named geo, so there are no curated tables"
    case .noStyle: "there is no style \"\(subject)\""
    case .styleExists: "there is a style \"\(subject)\" already"
    case .styleChanged: "style \"\(subject)\" was changed meanwhile"
    case .styleIsDerived: "style \"\(subject)\" follows from the dataset's geometries: it was never stored"
    case .invalidStyle(let problems):
      "style \"\(subject)\" is not valid: \(problems.count) \(problems.count == 1 ? "problem" : "problems")"
    case .styleNotSLD(let why): "style \"\(subject)\" cannot be said in SLD: \(why)"
    case .datasetNotDrawn(let table): "dataset \"\(subject)\": geo.\(table) has no geometry with a reference system"
    case .tileTooSlow: "dataset \"\(subject)\": the tile takes too long to draw"
    case .tileTooLarge(let most): "dataset \"\(subject)\": one feature alone makes the tile larger than \(most) MiB"
    }
  }

  /// How to mend it; nil when the message says it.
  public var hint: String? {
    switch code {
    case .noWorkflow(let known):
      known.isEmpty ? "None is loaded: put workflows into the manifests folder." : "There are \(known.sorted().joined(separator: ", "))."
    case .invalidWorkflow(let problems): problems.map(\.description).joined(separator: "\n")
    case .invalidParams(let problems): problems.map(\.message).joined(separator: "\n")
    case .paramsNotJSON: "Send one JSON object, such as {\"source_container\": \"bronzemapspam\"}."
    case .noHandler(_, _, let known):
      known.isEmpty ? "No plugin is loaded." : "There are \(known.sorted().joined(separator: ", "))."
    case .pluginUnavailable(let plugin, _): "\(plugin.hint)."
    case .noStage(let known): "The job has \(known.joined(separator: ", "))."
    case .noBackfill: "`weir schedules show NAME` lists those of a schedule."
    case .scheduleOfDataset(let dataset):
      "Its update_schedule, update_zone and enabled say when it fires: `weir datasets replace`, `weir datasets disable \(dataset)`."
    case .noTrigger(let known): known.isEmpty ? "There is none." : "There are \(known.joined(separator: ", "))."
    case .invalidTrigger:
      "Write such as {\"workflow\": \"ingest_collection\", \"on\": {\"objects\": {\"container\": \"bronze\", \"prefix\": \"in/\"}}}."
    case .triggerHasChanged: "Read it again, and change what you find."
    case .triggerIsPaused: "Send the message again later, with the same webhook-id."
    case .unsigned:
      "Sign \"ID.TIMESTAMP.BODY\" by HMAC-SHA256 with the trigger's key, as Standard Webhooks has it: webhook-id, webhook-timestamp, "
        + "webhook-signature: v1,BASE64."
    case .noJob, .noTask: "`weir jobs` lists the jobs."
    case .jobHasEnded: nil
    case .jobIsCancelling: "Wait for its end; `weir rerun` starts it anew."
    case .jobIsPaused: "Resume the job: `weir resume JOB`."
    case .stageBehindRuns: "Pause the job, retry when they have ended, and resume it."
    case .stageIsReused: "Rerun the job instead: `weir rerun`."
    case .stageNotUsable: "Begin the rerun there, or before it."
    case .stageNotRunning: "A stage that has not begun is held by pausing its job."
    case .noCollection: "Neither pgSTAC nor the source catalogue has it, and no job registered it."
    case .noItem: "Ids are compared letter by letter; the collection's items are listed by any STAC client."
    case .noProvenance: "Another program put it or changed it, or a weir that kept no provenance."
    case .collectionInUse(let job): "Wait for its end, or cancel it: `weir cancel \(job)`."
    case .dedupKeyTooLong: "Use a shorter key, for example a digest."
    case .tooManyLabels: "Labels are a few words to find a job by."
    case .noSchedule(let known): known.isEmpty ? "There is none." : "There are \(known.joined(separator: ", "))."
    case .scheduleHasChanged: "Read it again, and change what you find."
    case .noLimit(let known): known.isEmpty ? "There is none." : "There are \(known.sorted().joined(separator: ", "))."
    case .invalidSchedule:
      "Write such as {\"workflow\": \"ingest_collection\", \"cron\": \"0 2 * * *\", \"zone\": \"Europe/Zurich\", \"params\": {}}."
    case .invalidLimit:
      "Write such as {\"concurrency\": 4, \"rate\": \"10/s\"} for a resource such as planet_api or a handler such as ingest.copy."
    case .notQuarantined(let known): known.isEmpty ? "None is." : "There are \(known.joined(separator: ", "))."
    case .hostIsGone: "Start the host again; its tasks were given to others."
    case .noDataset(let known): known.isEmpty ? "`weir datasets create` makes one." : "There are \(known.joined(separator: ", "))."
    case .datasetExists: "Replace it: `weir datasets replace`."
    case .datasetChanged: "Get it again, and send its ETag."
    case .datasetIsUpdating(let job): "Wait for its end, or cancel it: `weir cancel \(job)`."
    case .datasetHasTable: "Make another dataset for another table."
    case .targetTaken: "Give it another target_table_name."
    case .noDatasetVersion(_, let known):
      known.isEmpty ? "It has none." : "There are \(known.map(String.init).joined(separator: ", "))."
    case .invalidDataset(let problems): problems.map(\.description).joined(separator: "\n")
    case .curatedTablesAway: "Look at databases.geo of the configuration: it must be a login that may use schema geo and nothing else."
    case .curatedSwapRefused:
      "`weir datasets versions \(subject)` lists what stands; an update by force makes a version anew: `weir datasets update \(subject) --force`."
    case .curatedTableBusy: "End the long statement on it, then try again."
    case .noCuratedTables: "Configure it: databases.geo, a login that may make tables in schema geo and nothing else."
    case .noStyle(let known):
      known.isEmpty ? "A dataset has one once it has a version." : "There are \(known.joined(separator: ", ")), and those of datasets."
    case .styleExists: "Replace it: PUT /api/styles/\(subject)."
    case .styleChanged: "Get it again, and send its ETag."
    case .styleIsDerived: "Replace it to draw the dataset in another way."
    case .invalidStyle(let problems): problems.map(\.description).joined(separator: "\n")
    case .styleNotSLD: "Store an SLD beside it: PUT it with Content-Type \(SLDText.type)."
    case .datasetNotDrawn: "Its column must be of a type such as geometry(MultiPolygon, 4326)."
    case .tileTooLarge: "Its attributes are too long for a map: leave them out of the table, or shorten them."
    case .tileTooSlow: "Look closer: fewer features lie in a tile then. Is its geometry indexed?"
    }
  }
}
