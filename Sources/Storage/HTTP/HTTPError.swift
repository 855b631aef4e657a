/// Why there is no answer, or not all of it. An answer with a bad status is an answer and no error.
public struct HTTPError: Error, Sendable, Equatable {
  public enum Code: Sendable, Equatable {
    /// The URL is none, or its scheme is neither http nor https.
    case badURL
    /// A header of that name cannot be sent.
    case badHeader(String)
    /// The host's name has no address.
    case noAddress
    /// The host's address is one that `HTTPSettings.admits` refuses.
    case forbiddenAddress(String)
    case noConnection
    /// The server's certificate is not trusted, or TLS failed.
    case notTrusted
    /// Nothing came or went for as long as `stall`.
    case stalled(Duration)
    /// `connect` or the request's `deadline` is over.
    case late
    /// The connection broke, or the answer is no HTTP or shorter than it says.
    case cut
    case tooLarge(limit: UInt64)
    /// More redirects than allowed.
    case tooManyRedirects(limit: Int)
    case cancelled
  }

  public let code: Code
  /// The URL without its query.
  public let subject: String
  /// What libcurl said.
  public let cause: String?

  public init(_ code: Code, _ subject: String, cause: String? = nil) {
    self.code = code
    self.subject = subject
    self.cause = cause
  }

  /// Whether the same request may succeed a little later.
  public var mayPass: Bool {
    switch code {
    case .noAddress, .noConnection, .stalled, .late, .cut: true
    case .badURL, .badHeader, .forbiddenAddress, .notTrusted, .tooLarge, .tooManyRedirects, .cancelled: false
    }
  }

  public var message: String { subject + ": " + problem + (cause.map { " (" + $0 + ")" } ?? "") + "." }

  private var problem: String {
    switch code {
    case .badURL: "is no URL of http or https"
    case .badHeader(let name): "the header \"\(name)\" cannot be sent"
    case .noAddress: "the host's name has no address"
    case .forbiddenAddress(let address): "the host's address \(address) is not allowed"
    case .noConnection: "cannot connect"
    case .notTrusted: "the server cannot be trusted"
    case .stalled(let pause): "nothing came or went for \(pause.components.seconds) s"
    case .late: "it took too long"
    case .cut: "the connection was cut"
    case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
    case .tooManyRedirects(let limit): "redirects more than \(limit) times"
    case .cancelled: "cancelled"
    }
  }

  /// How to mend it; nil where the message says all there is to say.
  public var hint: String? {
    switch code {
    case .badURL: "Write http://host/path or https://host/path, percent-encoded."
    case .badHeader: "A name has letters, digits and \"-\", a value no control characters."
    case .noAddress: "Look at the spelling of the host's name, and at this machine's DNS."
    case .forbiddenAddress: "Private addresses are refused unless the operator allows the host."
    case .noConnection: "Is the server up, and does a firewall let this machine reach it?"
    case .notTrusted: "Configure the certificate authority's file, or mend the server's certificate."
    case .stalled, .late, .cut: "It may pass: retry."
    case .tooLarge: "Ask for less, or allow more bytes."
    case .tooManyRedirects, .cancelled: nil
    }
  }
}

extension HTTPError: CustomStringConvertible {
  public var description: String { message + (hint.map { " " + $0 } ?? "") }
}
