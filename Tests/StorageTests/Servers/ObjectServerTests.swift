import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct `The test servers` {
  @Test(arguments: ObjectServer.Kind.allCases)
  func `each answers, and refuses who does not sign`(kind: ObjectServer.Kind) async throws {
    let status = try await onOwnThread {
      let server = try ObjectServer.shared(kind)
      let script =
        "import http.client as h, sys; c = h.HTTPConnection(sys.argv[1]); c.request('GET', sys.argv[2]); print(c.getresponse().status)"
      return Int(try Self.run(["-c", script, "127.0.0.1:\(server.port)", "/weirtestalice/some"])) ?? 0
    }
    #expect((400...404).contains(status))
  }

  @Test func `a server ends when the process that wants it is killed`() async throws {
    try await onOwnThread {
      let script = """
        import subprocess, sys, time
        server = subprocess.Popen([sys.executable, sys.argv[1], "swift"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        print(server.stdout.readline().decode(), flush=True)
        time.sleep(600)
        """
      let starter = Process()
      starter.executableURL = URL(filePath: ObjectServer.python)
      starter.arguments = ["-c", script, ObjectServer.folder + "/start.py"]
      let output = Pipe()
      starter.standardOutput = output
      try starter.run()
      let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      let port = try #require(Int(line.filter(\.isNumber)))
      #expect(Self.answers(port))
      kill(starter.processIdentifier, SIGKILL)
      #expect(until { !Self.answers(port) })
      starter.waitUntilExit()
    }
  }

  private static func answers(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
  }

  private static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: ObjectServer.python)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.trimmingCharacters(in: .newlines)
  }
}
