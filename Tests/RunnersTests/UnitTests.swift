import Glibc
import Testing

@testable import Runners

@Suite struct `What a task leaves` {
  @Test func `is removed however deep and however closed it is, and links are not followed`() throws {
    let path = "/tmp/weir-left-\(getpid())"
    let kept = "/tmp/weir-kept-\(getpid())"
    mkdir(path, 0o700)
    mkdir(kept, 0o700)
    close(open(kept + "/file", O_CREAT | O_WRONLY, 0o600))
    symlink(kept, path + "/link")
    mkdir(path + "/locked", 0o700)
    close(open(path + "/locked/file", O_CREAT | O_WRONLY, 0o600))
    chmod(path + "/locked", 0)
    var here = open(path, O_RDONLY | O_DIRECTORY)
    for _ in 0..<1000 {
      mkdirat(here, "deeper", 0o700)
      let next = openat(here, "deeper", O_RDONLY | O_DIRECTORY)
      close(here)
      here = next
    }
    close(here)
    ScratchFolder.remove(path)
    #expect(access(path, F_OK) != 0)
    #expect(access(kept + "/file", F_OK) == 0)
    unlink(kept + "/file")
    rmdir(kept)
  }
}

@Suite struct `The kill ladder` {
  @Test func `asks, and kills when the grace period is over`() {
    var ladder = KillLadder()
    let asked = ladder.stop(.cancelled, now: 100, grace: 50)
    let ticks = [149, 150, 151].map { ladder.tick(now: $0) }
    #expect(asked == .ask(.user))
    #expect(ticks == [nil, .kill, nil])
    #expect(ladder.cause == .cancelled)
  }

  @Test func `kills at once for memory and for a broken protocol`() {
    var ladder = KillLadder()
    let first = ladder.stop(.memory(usedMB: 2, limitMB: 1), now: 0, grace: 50)
    let second = ladder.stop(.cancelled, now: 0, grace: 50)
    #expect(first == .kill && second == nil)
    #expect(ladder.cause == .memory(usedMB: 2, limitMB: 1))
  }

  @Test func `keeps its first cause, but the shorter grace`() {
    var ladder = KillLadder()
    _ = ladder.stop(.timeout(.seconds(1)), now: 0, grace: 500)
    let later = ladder.stop(.hostStopping, now: 10, grace: 20)
    #expect(later == nil)
    #expect(ladder.killAt == 30)
    #expect(ladder.cause == .timeout(.seconds(1)))
  }

  @Test func `is as new for the next task`() {
    var ladder = KillLadder()
    _ = ladder.stop(.cancelled, now: 0, grace: 10)
    let cause = ladder.taskReturned()
    #expect(cause == .cancelled)
    #expect(ladder == KillLadder())
  }
}

@Suite struct `Frames on the wire` {
  @Test func `are read as they were written`() throws {
    var writer = FrameWriter()
    writer.unsigned(7)
    writer.text("é")
    writer.text(nil)
    writer.bytes([1, 2, 3])
    writer.signed(-1)
    var reader = FrameReader(writer.bytes)
    let (number, text, null) = (try reader.unsigned(), try reader.text(), try reader.text())
    let (bytes, last) = (try reader.bytes(), try reader.unsigned())
    #expect(number == 7 && text == "é" && null == nil && bytes == [1, 2, 3] && last == .max)
    try reader.end()
  }

  @Test func `that are cut off, too long or not UTF-8 are errors`() {
    var reader = FrameReader([1, 2, 3])
    #expect(throws: FrameError("a number is cut off at byte 0")) { try reader.unsigned() }
    reader = FrameReader([9, 0, 0, 0, 1])
    #expect(throws: FrameError("a field of 9 bytes at byte 0 is longer than its frame")) { try reader.bytes() }
    reader = FrameReader([1, 0, 0, 0, 0xFF])
    #expect(throws: FrameError("the text is not valid UTF-8")) { try reader.text() }
    reader = FrameReader([1])
    #expect(throws: FrameError("1 bytes follow the last field")) { try reader.end() }
  }

  @Test func `know their size afterwards`() {
    var bytes: [UInt8] = [0]
    bytes.appendFrame(.task, task: 5, call: 6, flags: 1) { $0.appendField([7, 8]) }
    let head = bytes.withUnsafeBytes { FrameHead(reading: $0.baseAddress! + 1) }
    #expect(head == FrameHead(.task, payloadSize: 6, task: 5, call: 6, flags: 1))
  }
}

@Suite struct `What a plugin prints` {
  private func lines(_ parts: [String], longest: Int = 8) -> [String] {
    var splitter = LineSplitter(longest: longest)
    var lines: [String] = []
    for part in parts { Array(part.utf8).withUnsafeBytes { splitter.take($0) { lines.append($0) } } }
    splitter.flush { lines.append($0) }
    return lines
  }

  @Test func `is cut at line ends, across reads`() {
    #expect(lines(["a\nb", "c\r\n\n", "d"]) == ["a", "bc", "d"])
  }

  @Test func `is cut when a line is too long`() {
    #expect(lines(["123456789012\nnext"]) == ["12345678 … (cut)", "next"])
  }

  @Test func `is limited to a burst and a rate`() {
    var allowance = LineAllowance(burst: 2, perSecond: 1, now: 0)
    let allowed = (0..<4).map { _ in allowance.allows(now: 0) }
    #expect(allowed == [true, true, false, false])
    let later = allowance.allows(now: 1_000_000_000)
    #expect(later)
    #expect(allowance.dropped == 2)
  }
}

@Suite struct `The pace of a handler` {
  @Test func `is one task at a time until it is measured, and when it is slow`() {
    var pace = Pace()
    #expect(pace.depth(limit: 32) == 1)
    pace.measured(3_000_000)
    #expect(pace.depth(limit: 32) == 1)
  }

  @Test func `lets quick tasks wait in the socket, up to 4 ms of work`() {
    var pace = Pace()
    pace.measured(10_000)
    #expect(pace.depth(limit: 32) == 32)
    pace.measured(10_000_000)
    #expect(pace.depth(limit: 32) == 1)
    var slower = Pace()
    slower.measured(1_000_000)
    #expect(slower.depth(limit: 32) == 4)
  }

  @Test func `of starting doubles its delay up to 30 s`() {
    var backoff = Backoff()
    let delays = (0..<12).map { _ in backoff.failed(now: 0) / 100_000_000 }
    #expect(delays == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
    backoff.succeeded()
    let again = backoff.failed(now: 0)
    #expect(again == 100_000_000)
  }
}

@Suite struct `A duration in a message` {
  @Test(arguments: [
    (Duration.seconds(2), "2 s"), (.milliseconds(1500), "1.5 s"), (.milliseconds(250), "250 ms"), (.seconds(90), "90 s"),
    (.milliseconds(2050), "2.05 s"),
  ])
  func `is short`(duration: Duration, text: String) {
    #expect(duration.text == text)
  }
}
