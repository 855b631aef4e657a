/// What S3 said instead of doing what was asked.
struct S3Refusal: Sendable {
  let status: Int
  /// `NoSuchKey`, `SlowDown`, ...; empty where the answer has no body.
  let code: String
  private let said: String?
  private let region: String?

  init(_ head: HTTPHead, _ body: [UInt8]) {
    let error = XMLElement(parsing: body).flatMap { $0.name == "Error" ? $0 : $0["Error"] }
    status = head.status
    code = error?.text("Code") ?? ""
    said = error?.text("Message")
    region = head["x-amz-bucket-region"] ?? error?.text("Region")
  }

  /// Whether the same request may be done a little later.
  var mayPass: Bool {
    RetryPolicy.mayPass(status: status)
      || ["SlowDown", "RequestTimeout", "InternalError", "OperationAborted", "ConditionalRequestConflict", "ServiceUnavailable"].contains(
        code)
  }

  var isDenial: Bool { status == 403 || status == 401 || status == 400 && (code.isEmpty || code.hasPrefix("RequestTimeTooSkewed")) }

  /// `subject`: the object; `container`: its container.
  func error(_ subject: String, container: String) -> StorageError {
    let cause = [code, said ?? "", code.isEmpty ? "HTTP \(status)" : ""].filter { !$0.isEmpty }.joined(separator: ": ")
    switch code {
    case "NoSuchBucket": return StorageError(.noContainer, container)
    case "NoSuchKey": return StorageError(.noObject, subject)
    case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
      return StorageError(.denied, container, cause: cause + (region.map { "; the bucket is in region \($0)" } ?? ""))
    case "EntityTooLarge": return StorageError(.tooLarge(limit: 5 << 30), subject, cause: cause)
    case "QuotaExceeded": return StorageError(.full, subject, cause: cause)
    default: break
    }
    switch status {
    case 301, 307:
      return StorageError(.failed, container, cause: "the bucket is \(region.map { "in region \($0)" } ?? "at another endpoint")")
    case 401, 403: return StorageError(.denied, subject, cause: cause)
    case 404: return StorageError(.noObject, subject)
    case 501: return StorageError(.unsupported("the store cannot do that"), subject, cause: cause)
    case 507: return StorageError(.full, subject, cause: cause)
    default: return StorageError(mayPass ? .unreachable : .failed, subject, cause: cause)
    }
  }
}
