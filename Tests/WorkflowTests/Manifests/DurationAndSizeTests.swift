import Testing
import Workflow

@Suite struct `Durations and sizes` {
  @Test(arguments: [
    ("250ms", Duration.milliseconds(250)), ("90s", .seconds(90)), ("15m", .seconds(900)), ("2h", .seconds(7200)), ("1d", .seconds(86_400)),
    ("0s", .zero), ("1500ms", .milliseconds(1500)),
  ])
  func `read and write a duration`(text: String, duration: Duration) {
    #expect(DurationText.parse(text) == duration)
    #expect(DurationText.parse(DurationText.text(of: duration)) == duration)
  }

  @Test(arguments: [
    "", "s", "90", "1.5h", "-1s", "1 s", "1M", "1sec", "1h30m", "٣s", "99999999999999999999s", "36526d", "9223372036854775807d",
  ])
  func `refuse what is no duration`(text: String) {
    #expect(DurationText.parse(text) == nil)
  }

  @Test func `write a duration in its largest unit`() {
    #expect(DurationText.text(of: .seconds(900)) == "15m")
    #expect(DurationText.text(of: .seconds(90)) == "90s")
    #expect(DurationText.text(of: .milliseconds(1500)) == "1500ms")
    #expect(DurationText.text(of: .seconds(86_400 * 2)) == "2d")
  }

  @Test(arguments: [("0B", 0), ("512B", 512), ("1kB", 1000), ("64MiB", 64 << 20), ("10GB", 10_000_000_000), ("1TiB", 1 << 40)])
  func `read and write a size`(text: String, bytes: Int) {
    #expect(SizeText.parse(text) == bytes)
    #expect(SizeText.text(of: bytes) == text)
  }

  @Test(arguments: ["", "64", "64M", "64 MiB", "MiB", "1.5GB", "-1B", "64mib", "9223372036854775807TiB", "99999999999999999999B"])
  func `refuse what is no size`(text: String) {
    #expect(SizeText.parse(text) == nil)
  }
}
