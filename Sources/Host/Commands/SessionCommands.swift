import ArgumentParser
import Workflow

struct SessionCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions", abstract: "List and end the sessions of pages.", subcommands: [List.self, End.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the sessions that last, newest first.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var host: HostOptions

    func run() async throws {
      let page = try host.client.get("/api/sessions", [("limit", "500")])
      if json { return Terminal.print(page.serialized()) }
      for session in page["sessions"]?.arrayValue ?? [] {
        func text(_ name: String) -> String { session[name]?.stringValue ?? "" }
        Terminal.print(
          "\(text("id").padded(to: 8)) \(text("token").padded(to: 24)) \(text("role").padded(to: 9)) "
            + "since \(text("created_at")), until \(text("expires_at"))")
      }
    }
  }

  struct End: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End a session: its page must log in again.")

    @Argument(help: "The session's id.") var id: String
    @OptionGroup var host: HostOptions

    func run() async throws {
      _ = try host.client.delete("/api/sessions/\(HostClient.encoded(id))")
      Terminal.print("session \(id): ended")
    }
  }
}
