/// One element of a batch that failed while the others went on.
public struct BatchFailure: Sendable {
  /// Of the element, from 0.
  public let index: Int
  public let id: String?
  public let status: Status
  public let message: String
  /// What is wrong inside the element, as a JSON Pointer.
  public let pointer: String?

  static func all(in report: JSONText) -> [BatchFailure] {
    (report["failed"]?.elements ?? []).map { element in
      BatchFailure(
        index: element["index"]?.int ?? 0, id: element["id"]?.string,
        status: Status(code: Int32(clamping: element["status"]?.int ?? Int(Status.failed.code))),
        message: element["message"]?.string ?? "no reason given", pointer: element["pointer"]?.string)
    }
  }

  func moved(by count: Int) -> BatchFailure {
    BatchFailure(index: index + count, id: id, status: status, message: message, pointer: pointer)
  }
}
