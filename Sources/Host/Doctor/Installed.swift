import Database
import Engine
import Glibc
import Logging
import Runners
import Runtime
import Storage
import Workflow

/// A whole installation, looked at part by part; what one part throws is that part's finding.
struct Installed {
  let configuration: HostConfiguration
  private let quiet = Logger(label: "weir.doctor") { _ in SwiftLogNoOpLogHandler() }

  func checkup() -> Checkup {
    let slots = configuration.runners ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))
    var findings = database()
    findings += KernelFacts(runnerUser: configuration.runnerUser).findings
    findings += LimitFacts(slots: slots, connections: configuration.databaseConnections).findings
    let (plugins, ofPlugins) = plugins()
    findings += ofPlugins
    findings += CredentialCheck(configuration.credentials, environment: Environment.current).findings
    findings += WebhookCheck(configuration, environment: Environment.current).findings
    findings += containers(plugins)
    findings += rooms.map(\.finding)
    findings.append(ListenCheck(address: configuration.listen).finding)
    findings.append(UnitFacts(shown: shownBySystemd).finding)
    return Checkup(findings)
  }

  private func database() -> [Finding] {
    do {
      if configuration.databaseURL == nil, !Cluster.exists(in: configuration.folder) {
        let programs = try Cluster.findPrograms(folder: configuration.folder)
        return [
          Finding(.fine, "database.programs", programs),
          Finding(.note, "database", "the private PostgreSQL is not made yet: the first weir serve makes it in \(configuration.folder)"),
        ]
      }
      let opening = try DatabaseOpening(configuration, logger: quiet)
      defer { opening.close() }
      let facts = try DatabaseFacts(opening.database, registry: opening.registry)
      guard facts.isInstalled, facts.pending.isEmpty, facts.conflict == nil else { return facts.findings }
      return try facts.findings + Engine(database: opening.database).alerts.findings(of: Array(configuration.webhooks.keys))
    } catch {
      return [Finding(error, "database")]
    }
  }

  private func plugins() -> ([LoadedPlugin], [Finding]) {
    let runners: RunnerConfiguration
    do throws(RunnersError) {
      runners = try RunnerConfiguration(hostVersion: Weir.version, environment: Environment.current)
    } catch {
      return ([], [Finding(error, "runners.program")])
    }
    let program = Finding(.fine, "runners.program", runners.program)
    do throws(Problems) {
      let catalog = try HostCatalog(configuration, runners: runners)
      let loaded = catalog.plugins.map { plugin in
        Finding(.fine, "plugins.\(plugin.manifest.id)", "\(plugin.manifest.version), \(plugin.handlers.count) handlers, \(plugin.library)")
      }
      let lacking = catalog.unavailable.map { plugin in
        Finding(.error, "plugins.\(plugin.id)", "\(plugin.message).", hint: "\(plugin.hint).")
      }
      guard loaded.isEmpty, lacking.isEmpty else { return (catalog.plugins, [program] + loaded + lacking) }
      let none = Finding(
        .warning, "plugins", "there is no plugin in \(configuration.manifestsFolder)/plugins: this host can run nothing.",
        hint: "Put manifests there, or name their folder by `manifests`.")
      return ([], [program, none])
    } catch {
      return ([], [program] + error.list.map { Finding($0, "manifests") })
    }
  }

  private func containers(_ plugins: [LoadedPlugin]) -> [Finding] {
    do throws(StorageError) {
      let credentials = Credentials(configuration.credentials, environment: Environment.current)
      let containers = try Containers(configuration.containers, credentials: credentials)
      let grants = plugins.map(\.manifest.grants)
      return ContainerCheck(containers, names: Array(configuration.containers.keys), grants: grants).findings
    } catch {
      return [Finding(error, "containers")]
    }
  }

  private var rooms: [RoomFacts] {
    [RoomFacts(purpose: "folder", path: configuration.folder), RoomFacts(purpose: "scratch", path: "/tmp")]
  }

  private var shownBySystemd: String? {
    guard access("/run/systemd/system", F_OK) == 0 else { return nil }
    let names = UnitFacts.names.joined(separator: ",")
    guard let pipe = popen("systemctl show weir.service --property=\(names) 2>/dev/null", "r") else { return nil }
    defer { pclose(pipe) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, pipe)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}

extension Finding {
  init(_ problem: Problem, _ subject: String) {
    var problem = problem
    let hint = problem.hint
    problem.hint = nil
    self.init(.error, subject, problem.description, hint: hint)
  }

  /// An error as its own message and hint tell it.
  init(_ error: any Error, _ subject: String) {
    guard let explanation = Explanation(error) else {
      self.init(.error, subject, String(describing: error))
      return
    }
    let lines = explanation.description.split(separator: "\n", maxSplits: 1).map(String.init)
    let hint = lines.count > 1 ? lines[1].split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n") : nil
    self.init(.error, subject, lines.first ?? "", hint: hint)
  }
}
