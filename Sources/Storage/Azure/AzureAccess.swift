/// What a request is signed with.
enum AzureAccess: Sendable, Equatable {
  /// The account's key.
  case sharedKey([UInt8])
  /// A shared access signature, as the query that it is, without "?".
  case sas(String)
  /// Nothing: only what is public can be read.
  case anonymous

  /// - Throws: `.noCredential` when the credential has neither key nor SAS, or one that cannot be.
  init(_ credential: Credential?) throws(StorageError) {
    guard let credential else {
      self = .anonymous
      return
    }
    if let text = try credential.part("account_key") {
      guard let key = Base64.bytes(text), !key.isEmpty else {
        throw StorageError(.noCredential, "credential \"\(credential.name)\"", cause: "account_key is not base64")
      }
      self = .sharedKey(key)
    } else if let text = try credential.part("sas") {
      let query = text.hasPrefix("?") ? String(text.dropFirst()) : text
      guard AzureSAS.value("sig", in: query) != nil else {
        throw StorageError(.noCredential, "credential \"\(credential.name)\"", cause: "sas has no signature (sig=)")
      }
      self = .sas(query)
    } else {
      throw StorageError(.noCredential, "credential \"\(credential.name)\"", cause: "it has neither account_key nor sas")
    }
  }
}
