import ArgumentParser
import Database
import Engine
import Workflow

struct TokenCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokens", abstract: "Make, list and revoke the tokens that programs and people send.",
    discussion: """
      Works in the database of the configuration, so that the first token can be made before a host serves; with --url or WEIR_URL it \
      asks that host, as an admin.
      """, subcommands: [Create.self, List.self, Revoke.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make a token and print it: it is shown this once.")

    @Option(help: "What it is for; the audit names it.") var name: String
    @Option(help: "viewer reads, operator submits and controls jobs, admin does everything.") var role: String
    @Option(help: "For how long: 90d, 12h; until it is revoked otherwise.") var expires: String?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      guard let role = Role(rawValue: role) else { throw ValidationError("--role is viewer, operator or admin.") }
      let lifetime = expires.flatMap(DurationText.parse)
      guard expires == nil || lifetime.map({ $0 > .zero }) == true else {
        throw ValidationError("--expires is a number with a unit, such as 90d or 12h.")
      }
      let made = try host.isNamed ? ask(role) : make(role, lifetime)
      if json { return Terminal.print(made.serialized()) }
      Terminal.printError("Keep it now: it is not shown again. Programs send it as WEIR_TOKEN, or from a file, WEIR_TOKEN_FILE.")
      Terminal.print(made["token"]?.stringValue ?? "")
    }

    private func ask(_ role: Role) throws -> JSON {
      let body: JSON = ["name": .string(name), "role": .string(role.rawValue), "expires_in": expires.map(JSON.string) ?? .null]
      return try host.client.post("/api/tokens", body: Array(body.serialized().utf8))
    }

    private func make(_ role: Role, _ lifetime: Duration?) throws -> JSON {
      try TokenCommands.inDatabase { engine in
        let (text, token) = try engine.tokens.create(name: name, role: role, lifetime: lifetime, by: .user)
        var shown = token.json.objectValue ?? JSONObject()
        shown.append("token", .string(text))
        return .object(shown)
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List tokens, newest first; what they read is nowhere kept.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      let tokens = try host.isNamed ? ask() : TokenCommands.inDatabase { .array(try $0.tokens.list(limit: 1_000).elements.map(\.json)) }
      if json { return Terminal.print(tokens.serialized()) }
      for token in tokens.arrayValue ?? [] {
        func text(_ name: String) -> String { token[name]?.stringValue ?? "" }
        let used = token["last_used_at"]?.stringValue.map { "used \($0)" } ?? "never used"
        let ends = token["expires_at"]?.stringValue.map { ", until \($0)" } ?? ""
        Terminal.print(
          "\(text("name").padded(to: 24)) \(text("role").padded(to: 9)) \(text("state").padded(to: 8)) \(text("beginning"))…  \(used)\(ends)"
        )
      }
    }

    private func ask() throws -> JSON {
      var tokens: [JSON] = []
      var after: String?
      repeat {
        let page = try host.client.get("/api/tokens", [("after", after), ("limit", "500")])
        tokens += page["tokens"]?.arrayValue ?? []
        after = page["next"]?.stringValue
      } while after != nil
      return .array(tokens)
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Revoke a token and end its sessions: within 2 seconds it opens nothing any more.")

    @Argument(help: "The token's name.") var name: String
    @OptionGroup var host: HostOptions

    func run() async throws {
      if host.isNamed {
        _ = try host.client.delete("/api/tokens/\(HostClient.encoded(name))")
      } else {
        try TokenCommands.inDatabase { engine in _ = try engine.tokens.revoke(name, by: .user) }
      }
      Terminal.print("token \(name): revoked")
    }
  }

  /// Calls the engine on the database of the configuration.
  static func inDatabase<T>(_ body: (Engine) throws -> T) throws -> T {
    let (configuration, _) = try LoadedConfiguration.read()
    let opening = try DatabaseOpening(configuration, logger: HostLog.logger(configuration))
    defer { opening.close() }
    guard try Installation(opening.database).migrator.status().pending.isEmpty else {
      throw Failure("the database is not what this weir needs", hint: "`weir db migrate` brings it up.")
    }
    return try body(Engine(database: opening.database))
  }
}
