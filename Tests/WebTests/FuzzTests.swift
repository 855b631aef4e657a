import Engine
import Foundation
import TestSupport
import Testing
import Workflow

@testable import Web

/// schemathesis makes requests out of the document, right ones and wrong ones; a route that is added is covered by that alone.
@Suite(.serialized) struct `Whatever the document allows` {
  private static let token = "the-configured-one"
  private static let checks = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "tells_no_secret",
  ]

  private static var root: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  /// Who asks: everybody of this machine where no token is needed; elsewhere somebody with none, with a wrong one, with
  /// one of each role, and a page.
  @Test(arguments: ["local", "nobody", "stranger", "viewer", "operator", "admin", "page"])
  func `is answered as the document says`(caller: String) async throws {
    let program = Self.root.appending(path: ".venv/bin/schemathesis")
    try #require(FileManager.default.isExecutableFile(atPath: program.path), "there is no \(program.path): run `make setup`")
    try await TestServer.with(token: caller == "local" ? nil : Self.token) { server in
      _ = try await server.halfDone()
      let headers = try await Self.headers(of: caller, server).flatMap { ["-H", $0] }
      let arguments =
        [
          "run", "http://127.0.0.1:\(server.port)/api/openapi.json", "--no-color", "--generation-deterministic", "--no-shrink",
          // the suite around it keeps the machine busy
          "--request-timeout", "60", "--warnings", "off", "--continue-on-failure", "--checks", Self.checks.joined(separator: ","),
          "--generation-with-security-parameters", caller == "stranger" ? "true" : "false",
        ] + Self.size(for: caller) + headers
      let (status, words) = try await onOwnThread { try Self.run(program, arguments) }
      #expect(status == 0, "\(words)")
    }
  }

  /// `make soak` makes many; each role's way through the routes is short where another has gone it.
  private static func size(for caller: String) -> [String] {
    // 145 operations: a quarter of an hour for all callers
    if ProcessInfo.processInfo.environment["WEIR_TEST_FULL_SIZE"] != nil { return ["-n", caller == "admin" ? "50" : "20"] }
    let phases = caller == "admin" ? "coverage,fuzzing,stateful" : "fuzzing"
    return ["-n", caller == "admin" ? "5" : "3", "--exclude-method", "HEAD", "--phases", phases]
  }

  private static func headers(of caller: String, _ server: TestServer) async throws -> [String] {
    switch caller {
    case "local", "nobody", "stranger": return []
    case "admin": return ["Authorization: Bearer \(token)"]
    case "page":
      let text = try await onOwnThread { [engine = server.engine] in
        try engine.sessions.begin(for: .configured, configured: token, lifetime: .seconds(3_600)).text
      }
      return ["Cookie: weir_session=\(text)", "Sec-Fetch-Site: same-origin"]
    default: return ["Authorization: Bearer \(try await server.token(Role(rawValue: caller) ?? .viewer))"]
    }
  }

  private static func run(_ program: URL, _ arguments: [String]) throws -> (Int32, String) {
    let folder = TemporaryFolder()
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging([
      "SCHEMATHESIS_HOOKS": root.appending(path: "Tests/WebTests/fuzz_checks.py").path, "WEIR_FUZZ_SECRETS": token,
      "PYTHONDONTWRITEBYTECODE": "1",
    ]) { $1 }
    let said = Pipe()
    process.standardOutput = said
    process.standardError = said
    try process.run()
    let words = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    withExtendedLifetime(folder) {}
    return (process.terminationStatus, words)
  }
}
