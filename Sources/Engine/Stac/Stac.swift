public import Database
internal import Workflow

/// The STAC registry: pgSTAC 0.10, by the quickest way in.
///
/// Items are checked and told as the difference to their collection here, and copied straight into their partition; the
/// functions that pgSTAC offers for it cost 15 to 45 times the processor time and deadlock when used in parallel.
/// Partitions are made once, by `prepare`, before many put items at the same time.
public final class Stac: Sendable {
  let database: Database

  /// - Parameter database: with `Stac.settings`, pgSTAC installed.
  public init(database: Database) { self.database = database }

  /// What every session that touches pgSTAC needs.
  public static let settings: [DatabaseConfiguration.Setting] = [
    .init("search_path", "pgstac,public"), .init("timezone", "UTC"), .init("client_min_messages", "warning"),
  ]

  /// Checks JSON objects that stand one after another, without any effect. Options: none.
  public static func check(_ documents: [UInt8], options: String? = nil) throws(StacError) -> StacReport {
    try StacOptions.none(options, "check")
    var report = StacReport()
    for (index, element) in JSONSequence.split(documents).enumerated() {
      do throws(JSONSequence.Fault) {
        let document = try element.document()
        let problems = StacDocument.problems(in: document)
        if problems.isEmpty {
          report.unchanged += 1
        } else {
          report.failed.append(.init(index: index, id: document.member("id")?.string, problems: problems))
        }
      } catch {
        report.failed.append(.init(index: index, message: error.message))
      }
    }
    return report
  }

  /// Runs `body` and tells its database errors as ours.
  func attempt<T>(_ collection: String, _ body: () throws -> T) throws(StacError) -> T {
    do {
      return try body()
    } catch let error as StacError {
      throw error
    } catch let error as DatabaseError {
      throw StacError(.database(error), "collection \"\(collection)\"")
    } catch {
      throw StacError(.unsupported(String(describing: error)), "collection \"\(collection)\"")
    }
  }
}
