import Foundation
import Runners

/// People who have a page open, in a process of their own, so that what they use themselves can be left out.
final class Lookers {
  private let process = Process()
  private let pipe = Pipe()
  private(set) var events = 0

  var pid: Int { Int(process.processIdentifier) }

  /// - Parameter url: of the host; half of them follow the dashboard, half the job.
  init(_ url: String, job: Int64, count: Int) throws {
    process.executableURL = URL(fileURLWithPath: RunnerConfiguration.programFolder() + "/weir-bench")
    process.arguments = ["look", "--url", url, "--tasks", "\(count)", "--job", "\(job)"]
    process.standardInput = pipe
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    self.output = output
  }

  private var output: Pipe?

  /// Lets them go, and learns how many events they have seen.
  func end() {
    guard let output else { return }
    self.output = nil
    try? pipe.fileHandleForWriting.close()  // its end is the word to go
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    events = Int(said.filter(\.isNumber)) ?? 0
  }

  /// What that process does: reads all streams until its input ends, then says how many events came.
  static func look(_ url: String, job: Int, count: Int) throws {
    guard let port = url.split(separator: ":").last.flatMap({ UInt16($0) }) else { throw Complaint("look: --url has no port") }
    var streams: [pollfd] = [pollfd(fd: 0, events: Int16(POLLIN), revents: 0)]
    for number in 0..<count {
      let path = number % 2 == 0 ? "/api/interface/metrics/events" : "/api/interface/jobs/\(job)/events"
      streams.append(pollfd(fd: try connect(port, path), events: Int16(POLLIN), revents: 0))
    }
    var (events, room) = (0, [UInt8](repeating: 0, count: 1 << 16))
    while poll(&streams, nfds_t(streams.count), -1) > 0, streams[0].revents == 0 {
      for index in streams.indices.dropFirst() where streams[index].revents != 0 {
        let got = read(streams[index].fd, &room, room.count)
        // a stream that ends is looked at no more
        if got <= 0 { streams[index].fd = -1 }
        for place in 0..<max(0, got) where room[place] == 0x0A && room[..<place].suffix(1) == [0x0A] { events += 1 }
      }
    }
    print(events)
  }

  private static func connect(_ port: UInt16, _ path: String) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard connected == 0 else { throw Complaint("look: cannot connect to port \(port)") }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAccept: text/event-stream\r\n\r\n".utf8)
    guard write(descriptor, request, request.count) == request.count else { throw Complaint("look: cannot send") }
    return descriptor
  }
}
