/// Why tokens and sessions were not changed, as data; worded in `message` and `hint`.
public struct AccessError: Error, Sendable {
  public enum Code: Sendable, Hashable {
    case noToken(known: [String])
    case tokenNameTaken
    case invalidTokenName
    case noSession
  }

  public var code: Code
  /// The token's name, the session's id.
  public var subject: String

  public init(_ code: Code, subject: String) {
    self.code = code
    self.subject = subject
  }

  /// What is wrong, for a person.
  public var message: String {
    switch code {
    case .noToken: "there is no token \"\(subject)\" that could be revoked"
    case .tokenNameTaken: "there is a token \"\(subject)\" already"
    case .invalidTokenName: "\"\(subject)\" cannot be a token's name"
    case .noSession: "there is no session \(subject)"
    }
  }

  /// How to mend it.
  public var hint: String? {
    switch code {
    case .noToken(let known): known.isEmpty ? "There is none." : "There are \(known.joined(separator: ", "))."
    case .tokenNameTaken: "Take another name, or revoke that token first."
    case .invalidTokenName:
      "Take 1 to 100 letters, digits and . _ @ -, beginning with a letter or digit; "
        + "\(Tokens.reservedNames.joined(separator: ", ")) are Weir's own."
    case .noSession: "It may have ended; `weir sessions list` lists those that last."
    }
  }
}
