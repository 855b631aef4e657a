/// An answer of Azure Blob that is no success, and what it means.
struct AzureRefusal: Error, Sendable {
  let status: Int
  /// Microsoft's name for it, such as `BlobNotFound`; empty if the answer has none.
  let code: String

  init(_ head: HTTPHead, body: [UInt8]) {
    status = head.status
    code = head["x-ms-error-code"] ?? XMLElement(parsing: body)?.text("Code") ?? ""
  }

  /// A condition of the request is not met, or something is there that must not be.
  var isCondition: Bool {
    ["BlobAlreadyExists", "ConditionNotMet", "TargetConditionNotMet"].contains(code) || status == 412 && code.isEmpty
  }

  var isMissing: Bool { status == 404 }

  /// The same request may succeed a little later.
  var mayPass: Bool { RetryPolicy.mayPass(status: status) || code == "Md5Mismatch" }

  /// The service cannot copy from there: bytes have to come through us.
  var isUnreachableSource: Bool {
    [
      "CannotVerifyCopySource", "CopyAcrossAccountsNotSupported", "UnsupportedHeader", "NotImplemented", "InvalidInput",
      "InvalidHeaderValue", "UnsupportedHttpVerb", "InvalidSourceBlobUrl",
    ].contains(code) || status == 501
  }

  /// The service's own words are left out: they can repeat what was signed.
  func error(_ subject: String, access: AzureAccess, container: String) -> StorageError {
    switch (status, code) {
    case (_, "ContainerNotFound"), (_, "ContainerBeingDeleted"), (_, "ContainerDisabled"):
      return StorageError(.noContainer, container, cause: code == "ContainerNotFound" ? nil : told)
    case (404, _): return StorageError(.noObject, subject)
    case (401, _), (403, _): return StorageError(.denied, subject, cause: told + ": " + reason(access))
    case (_, "BlobAlreadyExists"): return StorageError(.exists, subject)
    case (413, _): return StorageError(.failed, subject, cause: told + ": the store takes no body of this size")
    case (_, "Md5Mismatch"): return StorageError(.unreachable, subject, cause: told + ": the bytes did not arrive as they were sent")
    case _ where mayPass: return StorageError(.unreachable, subject, cause: told)
    default: return StorageError(.failed, subject, cause: told)
    }
  }

  private var told: String { code.isEmpty ? "HTTP \(status)" : "HTTP \(status) \(code)" }

  private func reason(_ access: AzureAccess) -> String {
    switch (access, code) {
    case (.anonymous, _): return "no credential is configured for it"
    case (.sharedKey, "AuthenticationFailed"): return "the account's key is wrong"
    case (.sharedKey, _): return "the account's key is not accepted for this"
    case (.sas(let query), "AuthenticationFailed"):
      let end = AzureSAS.value("se", in: query).map { ", it ends \($0)" } ?? ""
      return "the SAS is wrong or over" + end
    case (.sas(let query), _):
      let rights = AzureSAS.value("sp", in: query).map { ", its permissions are \"\($0)\"" } ?? ""
      return "the SAS does not allow it" + rights
    }
  }
}
