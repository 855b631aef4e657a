import Foundation
import Testing

@Suite struct `Habits that a compiler does not see` {
  @Test func `what may trap or lies outside the checks stands with its reason`() throws {
    let risks = [
      "try!", "try?", "as!", "fatalError()", "preconditionFailure()", "@unchecked Sendable", "nonisolated(unsafe)", "unsafeBitCast(",
    ]
    Offence.report(
      try Tree.program().filter(\.isSwift).flatMap { file in
        file.lines.flatMap { line in
          risks.filter { line.code.hasWord($0) && !file.hasReason(at: line) }.map {
            Offence(
              file, at: line.number, "\($0) without its reason",
              mend: "Say why it is right, in a comment on the line or above it, or do without")
          }
        }
      })
  }

  @Test func `what is left to do has an issue's number`() throws {
    let marks = ["TODO", "FIXME", "XXX", "HACK"]  // TODO(#3 is one word here, and passes
    Offence.report(
      try (Tree.program() + Tree.tests()).flatMap { file in
        file.lines.flatMap { line in
          let words = line.comment.split { !$0.isLetter && !$0.isNumber && $0 != "(" && $0 != "#" }
          return marks.filter { words.contains(Substring($0)) }.map {
            Offence(file, at: line.number, "\($0) without an issue", mend: "Write \($0)(#NUMBER), or do it now")
          }
        }
      })
  }

  @Test func `no file has a head of licence, author or date`() throws {
    Offence.report(
      try (Tree.program() + Tree.tests()).flatMap { file in
        file.lines.prefix(8).filter { line in ["Copyright", "Created by", "SPDX-", "Author:"].contains { line.comment.contains($0) } }.map {
          Offence(file, at: $0.number, "has a head block", mend: "Git knows who and when; a file opens with its imports")
        }
      })
  }

  @Test func `tests wait for signals, and all of them are run`() throws {
    let habits = [
      ("Task.sleep", "Wait for what the test is about, or pass a clock"), ("usleep(", "Wait for what the test is about"),
      ("Thread.sleep", "Wait for what the test is about"), (".disabled(", "A test that is not run proves nothing: mend it or remove it"),
      ("import XCTest", "The tests are written with Swift Testing"),
    ]
    Offence.report(
      try Tree.tests().flatMap { file in
        file.lines.flatMap { line in
          habits.filter { line.code.contains($0.0) }.map { Offence(file, at: line.number, $0.0, mend: $0.1) }
        }
      })
  }
}

extension String {
  /// Whether `word` stands in it, and is not the end of a longer one: `try?`, but not `retry?`.
  fileprivate func hasWord(_ word: String) -> Bool {
    var rest = self[...]
    while let found = rest.range(of: word) {
      if found.lowerBound == startIndex || !self[index(before: found.lowerBound)].isLetter { return true }
      rest = rest[found.upperBound...]
    }
    return false
  }
}
