public import Engine
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle
public import Workflow

/// Serves the HTTP API on one address.
public final class WebServer: Service, Sendable {
  /// A host that works in the server's process.
  public struct WorkingHost: Sendable {
    var id: Int64
    var plugins: Int
    var work: @Sendable () -> HostWork

    /// - Parameters:
    ///   - plugins: how many it has loaded.
    ///   - work: what it has done since it started.
    public init(id: Int64, plugins: Int, work: @escaping @Sendable () -> HostWork = { HostWork() }) {
      self.id = id
      self.plugins = plugins
      self.work = work
    }
  }

  public struct Parts: Sendable {
    var engine: Engine
    var address: ListenAddress
    var token: String?
    var version: String
    var logger: Logger
    var host: WorkingHost?
    var sampleInterval: Duration
    var refresh: Duration
    var onChange: @Sendable () -> Void
    /// What a credential signs with, by its name; nil: there is none, or it cannot be read.
    public var signingKey: @Sendable (String) -> String? = { _ in nil }

    /// - Parameters:
    ///   - token: whoever sends it may do everything; without any token only loopback is listened on.
    ///   - host: the host that works in this process, for readiness.
    ///   - sampleInterval: how often the leader samples; pages say so when it does not.
    ///   - refresh: how often pages that are open are renewed.
    ///   - onChange: called after a job was submitted or cancelled, on a thread that may block for a moment.
    public init(
      engine: Engine, address: ListenAddress, token: String?, version: String, logger: Logger, host: WorkingHost? = nil,
      sampleInterval: Duration = .seconds(5), refresh: Duration = .seconds(2), onChange: @escaping @Sendable () -> Void
    ) {
      self.engine = engine
      self.address = address
      self.token = token
      self.version = version
      self.logger = logger
      self.host = host
      self.sampleInterval = sampleInterval
      self.refresh = refresh
      self.onChange = onChange
    }
  }

  private let parts: Parts
  private let patience: Patience
  private let connections: Int
  private let bound = BoundAddress()
  let responder: APIResponder

  public convenience init(_ parts: Parts) {
    self.init(parts, patience: Patience())
  }

  init(_ parts: Parts, patience: Patience, connections: Int = Limits.connections) {
    self.parts = parts
    self.patience = patience
    self.connections = connections
    responder = APIResponder(parts)
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

  /// What others can reach, a token must guard.
  private func checkThatTokensGuard() async throws {
    guard parts.token == nil, !parts.address.isLoopback else { return }
    let tokens = parts.engine.tokens
    guard try await BlockingThreads(limit: 1).perform({ try tokens.isAnyActive() }) else {
      throw WebError(.tokenMissing, subject: "\(parts.address)")
    }
  }

  private func serve() async throws {
    try await checkThatTokensGuard()
    let (address, bound, patience, responder) = (parts.address, bound, patience, responder)
    let application = Application(
      responder: responder,
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          additionalChannelHandlers: [SlowConnections(patience)], idleTimeout: TimeAmount(patience.idle),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: Limits.headerBytes, maxHeaderListSize: Limits.headersBytes, maxHeaderFieldCount: Limits.headers))),
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port),
        availableConnectionsDelegate: MaximumAvailableConnections(connections)),
      onServerRunning: { channel in bound.succeed(address, port: channel.localAddress?.port ?? address.port) },
      logger: parts.logger)
    do {
      // streams have no end of their own, and the server waits for all that it answers
      try await withGracefulShutdownHandler {
        try await application.run()
      } onGracefulShutdown: {
        responder.hub.close()
      }
    } catch let error as IOError {
      throw WebError(error, at: address)
    } catch let error as SocketAddressError {
      throw WebError(.unknownHost, subject: "\(address)", cause: error)
    }
  }
}
