import Database
import Workflow

/// A stage at one moment, as the leader kept it.
struct StageSample {
  var stageID: Int64
  /// Seconds of the epoch.
  var at: Double
  /// Tasks that had ended.
  var ended: Int
  /// Those, and of the running ones the part that they said was done.
  var work: Double
  /// What running tasks said they had done, in their handler's unit.
  var live: Double
  /// By metric.
  var domain: [String: Double]

  /// How long every sample is read; of older ones one a minute is enough.
  private static let fine: Duration = .seconds(180)

  /// Of these jobs, the oldest first, by job.
  static func read(_ jobs: [Int64], in tx: Transaction) throws -> [Int64: [StageSample]] {
    let rows = try tx.query(
      """
      SELECT job_id, stage_id, extract(epoch FROM sampled_at)::float8, completed + failed + cancelled, work, live, domain::text
      FROM job_metrics WHERE job_id = ANY(\(jobs)::bigint[]) AND (grain > 0 OR sampled_at > now() - \(Self.fine))
      ORDER BY job_id, sampled_at
      """)
    return try rows.reduce(into: [:]) { samples, row in
      samples[Int64(try row.int(0)), default: []].append(
        StageSample(
          stageID: Int64(try row.int(1)), at: try row.double(2), ended: try row.int(3), work: try row.double(4), live: try row.double(5),
          domain: numbers(try row.textOrNil(6))))
    }
  }

  /// The members of a JSON object that are numbers.
  static func numbers(_ text: [UInt8]?) -> [String: Double] {
    guard let text else { return [:] }
    var numbers: [String: Double] = [:]
    RawJSON(unchecked: text[...]).forEachMember { name, value in numbers[name] = Double(value.text) }
    return numbers
  }
}
