/// Who asks: the parts of a credential that sign a request.
struct S3Identity: Sendable, Equatable {
  let keyID: String
  let secret: String
  let sessionToken: String?

  init(keyID: String, secret: String, sessionToken: String? = nil) {
    self.keyID = keyID
    self.secret = secret
    self.sessionToken = sessionToken
  }

  /// - Throws: `.noCredential` when a part is missing.
  init(_ credential: Credential) throws(StorageError) {
    keyID = try credential.required("key_id")
    secret = try credential.required("secret")
    sessionToken = try credential.part("session_token")
  }
}
