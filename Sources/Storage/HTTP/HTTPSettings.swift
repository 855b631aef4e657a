/// How a client connects and how long it waits.
public struct HTTPSettings: Sendable {
  /// To a connection that can be used: name, TCP and TLS.
  public var connect: Duration = .seconds(10)
  /// The longest pause in which no byte comes or goes, the server's thinking included.
  public var stall: Duration = .seconds(60)
  /// A file of trusted certificate authorities (PEM) instead of the system's.
  public var caFile: String?
  /// Without it anybody can pose as the server.
  public var verifiesTLS = true
  /// Idle connections to keep, over all origins.
  public var idleConnections = 64
  /// Fixed addresses, each `host:port:address`: what DNS would say.
  public var addresses: [String] = []
  /// Asked with the address of each connection to be made (`10.1.2.3`, `fe80::1`), after DNS; false: it is not made.
  ///
  /// A kept connection was asked about when it was made: clients with different answers share none.
  public var admits: (@Sendable (_ address: String) -> Bool)?
  public var userAgent = "weir"
  /// None unless named here: the environment's do not count, since `admits` would see the proxy's address.
  public var proxy: String?

  public init() {}
}
