/// What an operator sets for a host: one file, every value also by environment (`WEIR_` and the name in capitals).
public struct HostConfiguration: Sendable, Hashable {
  /// A libpq URL or conninfo string; nil starts the private cluster in `folder`.
  public var databaseURL: String?
  /// `none`, or `transaction`: the URL leads to PgBouncer in transaction mode, where no session lasts.
  public var databasePooling = "none"
  /// Where to LISTEN when the URL leads to a pooler: the server itself. Without it hosts look for work by themselves, four times a second.
  public var databaseListenURL: String?
  /// Connections to the database at most.
  public var databaseConnections = 8
  /// Where the host keeps what is its own, its private cluster above all.
  public var folder = ".weir"
  /// Container names, or patterns with one `*`, to URLs.
  public var containers: [String: String] = [:]
  /// What proves to stores and servers who the host is, by name; the secrets themselves stand elsewhere.
  public var credentials: [String: CredentialSetting] = [:]
  /// What `weir.sql/1` offers, by name. The private cluster offers `geo` besides.
  public var databases: [String: HandlerDatabase] = [:]
  /// Secrets that `weir.http/1` adds to requests, by name.
  public var httpCredentials: [String: HTTPCredential] = [:]
  /// Addresses that `weir.http/1` may reach although they are private.
  public var privateAddresses: [NetworkRange] = []
  /// Where alerts are sent, by name.
  public var webhooks: [String: WebhookSetting] = [:]
  /// Where spans are sent; nil: there are none.
  public var traces: TraceSetting?
  /// The folder of `plugins/*.json` and `workflows/*.json`; nil: `manifests` here, else beside the program.
  public var manifests: String?
  /// More folders in which libraries are sought, `:` between them.
  public var pluginPath: String?
  public var listen = ListenAddress(host: "127.0.0.1", port: 8080)
  /// Whoever sends it may do everything. Without it, and without any that `weir tokens` made, only loopback is listened on.
  public var token: String?
  /// Runner processes at a time; nil: one for each processor.
  public var runners: Int?
  /// Between telling a task to stop and killing its runner.
  public var grace: Duration = .seconds(5)
  /// Whose rights runners have when the host is root's.
  public var runnerUser = "nobody"
  /// How long an attempt may take, where neither library, plugin nor workflow says.
  public var taskTimeout: Duration = .seconds(3600)
  /// How long a task may wait in the queue where neither plugin nor workflow says; nil: for ever.
  public var queueTimeout: Duration?
  /// How long an attempt may go on without progress where neither plugin nor workflow says; nil: for ever.
  public var progressTimeout: Duration?
  /// A build of a library that ended runners of so many different tasks within an hour is quarantined; 0: never.
  public var quarantineAfter = 20
  /// How long the host keeps its tasks without renewing.
  public var lease: Duration = .seconds(30)
  /// How many tasks at a time and in a while over all hosts, by resource or handler.
  public var limits: [String: LimitSettings] = [:]
  /// What a task of a handler holds of named resources, by handler; it counts more than the plugin's manifest.
  public var resources: [String: [String: Int]] = [:]
  /// How long jobs are kept after their end, by workflow, `*` for all others; for ever unless it or the workflow says.
  public var retention: [String: Duration] = [:]
  /// By environment alone, see `MetricsSettings`.
  public var metrics = MetricsSettings()
  /// `trace`, `debug`, `info`, `notice`, `warning`, `error`.
  public var logLevel = "info"

  public init() {}
}

/// An address to listen on: `127.0.0.1:8080`, `[::1]:8080`, `0.0.0.0:80`. Port 0 takes any free one.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
  public var host: String
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty, !host.contains(where: { "[] ".contains($0) }) else { return nil }
    self.init(host: String(host), port: port)
  }

  /// Only this machine can reach it.
  public var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return parts.count == 4 && parts[0] == 127 && !parts.contains(nil)
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
