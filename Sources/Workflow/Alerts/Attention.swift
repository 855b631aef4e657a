/// Something that a person should look at.
public struct Attention: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case jobStuck = "job_stuck"
    case hostLost = "host_lost"
    case failureShare = "failure_share"
    case noHost = "no_host"
    case buildQuarantined = "build_quarantined"
    case scheduleLate = "schedule_late"
    case datasetStale = "dataset_stale"

    /// For people.
    public var title: String {
      switch self {
      case .jobStuck: "Job is stuck"
      case .hostLost: "Host was lost"
      case .failureShare: "Many tasks fail"
      case .noHost: "No host for a handler"
      case .buildQuarantined: "Build is in quarantine"
      case .scheduleLate: "Schedule does not fire"
      case .datasetStale: "Dataset is not kept current"
      }
    }
  }

  public var kind: Kind
  /// What it is about, the same as long as it lasts: a job's id with the stage, a host's name with its id, a handler, a schedule, a dataset.
  public var subject: String
  /// What is wrong, for a person.
  public var text: String
  /// What to do about it.
  public var hint: String
  /// The job that it is about, if one is.
  public var job: Int64?
  /// RFC 3339.
  public var since: String?

  public init(_ kind: Kind, subject: String, text: String, hint: String, job: Int64? = nil, since: String? = nil) {
    self.kind = kind
    self.subject = subject
    self.text = text
    self.hint = hint
    self.job = job
    self.since = since
  }

  /// The same for as long as the cause lasts.
  public var key: String { "\(kind.rawValue) \(subject)" }

  public var json: JSON {
    [
      "kind": .string(kind.rawValue), "title": .string(kind.title), "subject": .string(subject), "text": .string(text),
      "hint": .string(hint), "job_id": job.map { .string("\($0)") } ?? .null, "since": since.map(JSON.string) ?? .null,
    ]
  }
}
