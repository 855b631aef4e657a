/// What went wrong with a container or an object.
public struct StorageError: Error, Sendable, Equatable {
  public enum Code: Sendable, Equatable {
    case noContainer
    case noObject
    /// The object is there, and the writer asked for `if_exists: fail`.
    case exists
    /// The object is not the version that the caller named by its etag; `found` is nil when it is gone.
    case changed(expected: String, found: String?)
    /// A directory cannot hold both an object "a" and an object "a/b".
    case blocked(by: String)
    /// The bytes do not have the checksum that they must have.
    case damaged(expected: String, found: String)
    /// The store holds another number of bytes than it was given.
    case incomplete(expected: UInt64, found: UInt64)
    case symbolicLink
    case denied
    /// The credential that the configuration names has no secret to use.
    case noCredential
    case tooLarge(limit: Int)
    case full
    case unsupported(String)
    case unreachable
    case failed
    case cancelled
    /// The name, key or option as given is wrong; the text says how.
    case invalid(String)
  }

  /// The status that a handler gets, with the number it has in `weir/handler.h`.
  public enum Status: Int32, Sendable {
    case unreachable = 103, failed = 200, denied = 201, notFound = 202, conflict = 203, tooLarge = 204
    case unsupported = 205, invalid = 300, cancelled = 400
  }

  public let code: Code
  /// The container, or the container and key: "bronzemapspam/a/b.tif".
  public let subject: String
  /// What the system or the store said, if it said something.
  public let cause: String?

  public init(_ code: Code, _ subject: String, cause: String? = nil) {
    self.code = code
    self.subject = subject
    self.cause = cause
  }

  public var status: Status {
    switch code {
    case .noContainer, .noObject: .notFound
    case .exists, .changed, .blocked: .conflict
    case .damaged, .incomplete, .full, .failed: .failed
    case .symbolicLink, .denied, .noCredential: .denied
    case .tooLarge: .tooLarge
    case .unsupported: .unsupported
    case .unreachable: .unreachable
    case .cancelled: .cancelled
    case .invalid: .invalid
    }
  }

  /// One sentence: the thing's name, what is wrong, the cause if known.
  public var message: String { subject + ": " + problem + (cause.map { " (" + $0 + ")" } ?? "") + "." }

  private var problem: String {
    switch code {
    case .noContainer: "there is no such container"
    case .noObject: "there is no such object"
    case .exists: "the object is there already"
    case .changed(let expected, let found?): "the object changed: its etag is \(found), expected was \(expected)"
    case .changed(let expected, nil): "the object is gone, expected was the one with etag \(expected)"
    case .blocked(let other): "cannot be stored beside \"\(other)\" in a directory"
    case .damaged(let expected, let found): "the bytes have SHA-256 \(found), expected was \(expected)"
    case .incomplete(let expected, let found): "the store holds \(found) bytes, expected were \(expected)"
    case .symbolicLink: "is or passes through a symbolic link, which is not followed"
    case .denied: "access is denied"
    case .noCredential: "cannot be used"
    case .tooLarge(let limit): "is larger than the \(limit) bytes that one call can carry"
    case .full: "there is no space left"
    case .unsupported(let what): what
    case .unreachable: "the store does not answer"
    case .failed: "the store failed"
    case .cancelled: "cancelled"
    case .invalid(let how): how
    }
  }

  /// How to mend it; nil where the message says all there is to say.
  public var hint: String? {
    switch code {
    case .noContainer: "Create it, or name its URL in the configuration under \"containers\"."
    case .noObject: "Keys are case-sensitive; list the container to see what is there."
    case .exists: "Write with if_exists \"replace\", \"skip\" or \"update\", or choose another key."
    case .changed: "Look at the object again and repeat with its present etag."
    case .blocked: "Choose another key: no object's key can be a folder of another's."
    case .damaged: "Copy or write it again; if it stays so, the source or the disk is damaged."
    case .incomplete: "Copy or write it again; if it stays so, the store does not do what it says."
    case .symbolicLink: "Put the file itself there, or configure its folder as a container of its own."
    case .denied: "Give the account that Weir runs under the right to do so."
    case .noCredential: "Mend it in the configuration under \"credentials\", or where its secret is kept."
    case .tooLarge: "Use a stream, or read it in ranges."
    case .full: "Free space on the container's file system, then retry."
    case .unreachable: "It may pass: retry, and look at the store if it stays so."
    case .unsupported, .failed, .cancelled, .invalid: nil
    }
  }
}

extension StorageError: CustomStringConvertible {
  public var description: String { message + (hint.map { " " + $0 } ?? "") }
}
