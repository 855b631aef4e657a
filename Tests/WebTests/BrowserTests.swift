import Engine
import Foundation
import TestSupport
import Testing

/// Debian's chromium looks at the pages of a host, led by Playwright.
@Suite(.serialized) struct `A browser` {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Browser")

  private static var root: URL { folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent() }

  /// Each is a function of browser_checks.py or data_checks.py, which says what it is about; those of a line share a host and a browser.
  @Test(arguments: [
    "live,hold,lost,keyboard,grid,plain", "acts", "maps,styles,versions,mapless", "schedules,jobs,lists", "light", "dark", "narrow",
  ])
  func `finds the pages as they should be`(checks: String) async throws {
    try await Self.look(checks)
  }

  @Test func `shows a viewer what a viewer may do`() async throws {
    try await Self.look("roles", withTokens: true)
  }

  /// `make shots` asks for pictures by this variable, and looks at nothing else.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["WEIR_SHOTS"] != nil)) func `makes pictures`() async throws {
    try await Self.look("shots")
  }

  private static func look(_ checks: String, withTokens: Bool = false) async throws {
    let python = root.appending(path: ".venv/bin/python")
    try #require(FileManager.default.isExecutableFile(atPath: python.path), "there is no \(python.path): run `make setup`")
    try #require(FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium"), "there is no /usr/bin/chromium: run `make setup`")
    try await TestServer.withMaps(token: withTokens ? "the-configured-one" : nil) { server, _ in
      try await onOwnThread { [engine = server.engine] in _ = try Showcase(engine) }
      var arguments = [folder.appending(path: "browser_checks.py").path, "http://127.0.0.1:\(server.port)", checks]
      if withTokens { arguments += [try await server.token(.operator), try await server.token(.viewer)] }
      let (status, words) = try await onOwnThread { [arguments] in try run(python, arguments) }
      #expect(status == 0, "\(words)")
    }
  }

  private static func run(_ program: URL, _ arguments: [String]) throws -> (Int32, String) {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    let said = Pipe()
    process.standardOutput = said
    process.standardError = said
    try process.run()
    let words = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, words)
  }
}
