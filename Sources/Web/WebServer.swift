public import Engine
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle
public import Workflow

/// Serves the HTTP API on one address.
public final class WebServer: Service, Sendable {
  public struct Parts: Sendable {
    var engine: Engine
    var address: ListenAddress
    var token: String?
    var version: String
    var logger: Logger
    var onChange: @Sendable () -> Void

    /// - Parameters:
    ///   - token: whoever sends it may do everything; without one only loopback is listened on.
    ///   - onChange: called after a job was submitted or cancelled, on a thread that may block for a moment.
    public init(
      engine: Engine, address: ListenAddress, token: String?, version: String, logger: Logger, onChange: @escaping @Sendable () -> Void
    ) {
      self.engine = engine
      self.address = address
      self.token = token
      self.version = version
      self.logger = logger
      self.onChange = onChange
    }
  }

  private let parts: Parts
  private let bound = BoundAddress()

  public init(_ parts: Parts) {
    self.parts = parts
  }

  /// Where it serves, such as `http://127.0.0.1:8080`, with the port that the system chose when 0 was asked for.
  ///
  /// Waits until `run` has bound the address.
  /// - Throws: what `run` throws when it cannot, or `WebError` when it ended before.
  public var url: String { get async throws { try await bound.url } }

  /// Serves until graceful shutdown; requests that are being answered are finished first.
  /// - Throws: `WebError` when the address cannot be listened on.
  public func run() async throws {
    do {
      try await serve()
    } catch {
      bound.fail(error)
      throw error
    }
    bound.fail(WebError(.ended, subject: "\(parts.address)"))
  }

  private func serve() async throws {
    guard parts.token != nil || parts.address.isLoopback else {
      throw WebError(.tokenMissing, subject: "\(parts.address)")
    }
    let (address, bound) = (parts.address, bound)
    let application = Application(
      responder: APIResponder(API(parts), token: parts.token, logger: parts.logger),
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          idleTimeout: .seconds(60),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: Limits.headerBytes, maxHeaderListSize: Limits.headersBytes, maxHeaderFieldCount: Limits.headers))),
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port),
        availableConnectionsDelegate: MaximumAvailableConnections(Limits.connections)),
      onServerRunning: { channel in bound.succeed(address, port: channel.localAddress?.port ?? address.port) },
      logger: parts.logger)
    do {
      try await application.run()
    } catch let error as IOError {
      throw WebError(error, at: address)
    } catch let error as SocketAddressError {
      throw WebError(.unknownHost, subject: "\(address)", cause: error)
    }
  }
}
