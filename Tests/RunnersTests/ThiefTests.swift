import Glibc
import Runners
import Testing
import Workflow

/// A plugin that looks for what is none of its business gets nothing.
@Suite struct `A thief` {
  @Test func `is refused the host, a socket, folders, files, programs and TCP`() throws {
    let closed = "/tmp/weir-thief-\(getpid())"
    mkdir(closed, 0o700)
    defer {
      unlink(closed + "/socket")
      unlink(closed + "/secret")
      rmdir(closed)
    }
    let secret = open(closed + "/secret", O_CREAT | O_WRONLY, 0o600)
    close(secret)
    let cluster = try listen(at: closed + "/socket")
    defer { close(cluster) }
    let (server, port) = try listenOnLoopback()
    defer { close(server) }
    let params =
      #"{"pid":\#(getpid()),"socket":"\#(closed)/socket","folder":"\#(closed)","file":"\#(closed)/secret","port":\#(port)}"#
    let outcome = try Make.outcome("broken.thief", params)
    #expect(outcome.kind == .completed, "\(outcome.message)")
    let result = try #require(outcome.result)
    let attempts = [
      "environment", "command_line", "memory", "memory_by_call", "attach", "signal", "program", "socket", "folder",
      "folder_write", "file", "tcp",
    ]
    for attempt in attempts {
      #expect(result.member(attempt)?.member("allowed")?.bool == false, "\(attempt): \(result.text)")
    }
  }

  @Test func `finds another task's scratch closed`() throws {
    let other = "\(Make.scratch)/.other-\(getpid())"
    mkdir(Make.scratch, 0o711)
    mkdir(other, 0o700)
    defer { rmdir(other) }
    if getuid() == 0 {
      let user = try RunnerConfiguration.User(named: "nobody")
      chown(other, user.uid, user.gid)
    }
    let outcome = try Make.outcome("broken.thief", #"{"folder":"\#(other)"}"#)
    let result = try #require(outcome.result)
    #expect(result.member("folder")?.member("allowed")?.bool == false)
    #expect(result.member("folder_write")?.member("allowed")?.bool == false)
  }

  private func listen(at path: String) throws -> Int32 {
    let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0 && Glibc.listen(socket, 1) == 0)
    return socket
  }

  private func listenOnLoopback() throws -> (Int32, UInt16) {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, size) == 0 && Glibc.listen(socket, 1) == 0 && getsockname(socket, $0, &size) == 0
      }
    }
    try #require(isListening)
    return (socket, UInt16(bigEndian: address.sin_port))
  }
}
