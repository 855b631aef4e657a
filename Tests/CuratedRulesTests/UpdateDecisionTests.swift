import CuratedRules
import Testing

@Suite struct `Whether a source is fetched` {
  static let current = CurrentVersion(version: 3, sourceVersion: "2026-11", sourceETag: "\"a\"", sha256: "00ff")

  struct Case: CustomTestStringConvertible {
    var version: String?
    var etag: String?
    var current: CurrentVersion? = `Whether a source is fetched`.current
    var isRelease = false
    var isForced = false
    var needsUpdate: Bool
    var reason: String
    var testDescription: String { "\(version ?? "-") \(etag ?? "-"): \(reason)" }
  }

  static let cases = [
    Case(version: "2026-11", current: nil, needsUpdate: true, reason: "there is no version yet"),
    Case(version: "2026-11", needsUpdate: false, reason: "the source still has 2026-11"),
    Case(version: "2026-12", needsUpdate: true, reason: "the source has 2026-12, readers see 2026-11"),
    Case(version: "2026-11", isForced: true, needsUpdate: true, reason: "the source has nothing new, and the update is forced"),
    // the version is in the file
    Case(etag: "\"a\"", needsUpdate: false, reason: "the source still has 2026-11"),
    Case(etag: "\"b\"", needsUpdate: true, reason: "the source's file may be another"),
    Case(needsUpdate: true, reason: "the source's file may be another"),
    // an ETag says nothing where versions do
    Case(version: "2026-12", etag: "\"a\"", needsUpdate: true, reason: "the source has 2026-12, readers see 2026-11"),
    // the newest release is away for an hour, so that an earlier one is found
    Case(version: "2026-10", isRelease: true, needsUpdate: false, reason: "the source has 2026-10, and readers see 2026-11 already"),
    Case(version: "2025-12", isRelease: true, needsUpdate: false, reason: "the source has 2025-12, and readers see 2026-11 already"),
    Case(
      version: "2026-10", isRelease: true, isForced: true, needsUpdate: true, reason: "the source has 2026-10, readers see 2026-11"),
    // versions that are no months may go back: a release that was withdrawn
    Case(version: "2026-10", needsUpdate: true, reason: "the source has 2026-10, readers see 2026-11"),
    Case(
      version: "2026-11", current: CurrentVersion(version: 1), isRelease: true, needsUpdate: true,
      reason: "the source has 2026-11, readers see none"),
  ]

  @Test(arguments: cases) func `follows from what it has and what readers see`(given: Case) {
    let decision = UpdateDecision(
      version: given.version, etag: given.etag, current: given.current, isRelease: given.isRelease, isForced: given.isForced)
    #expect(decision.needsUpdate == given.needsUpdate && decision.reason == given.reason, "\(decision)")
  }

  @Test func `a file is that of the version when its bytes are, or its version where that is no time`() {
    let current = Self.current
    #expect(current.isOf(version: "other", sha256: "00ff", isByTime: false))
    #expect(current.isOf(version: "2026-11", sha256: "1234", isByTime: false))
    #expect(!current.isOf(version: "2026-11", sha256: "1234", isByTime: true))
    #expect(!current.isOf(version: nil, sha256: nil, isByTime: false))
    #expect(!CurrentVersion(version: 1).isOf(version: nil, sha256: nil, isByTime: false), "unknown is not the same as unknown")
  }
}
