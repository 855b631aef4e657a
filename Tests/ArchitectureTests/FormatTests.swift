import Foundation
import Testing

@Suite struct `The formatter has nothing to say` {
  @Test func `swift format finds nothing to mend`() throws {
    let lint = Process()
    lint.executableURL = URL(filePath: "/usr/bin/env")
    lint.currentDirectoryURL = Tree.root
    let folders = ["Sources", "Plugins", "Tests", "Benchmarks"].filter { !Tree.names(in: $0).isEmpty }
    lint.arguments = ["swift", "format", "lint", "--strict", "--parallel", "--recursive", "Package.swift"] + folders
    let said = Pipe()
    lint.standardError = said
    try lint.run()
    let words = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    lint.waitUntilExit()
    let offences = words.split(separator: "\n")
    #expect(
      lint.terminationStatus == 0,
      "run `make format`, then mend what is left of these \(offences.count): \(offences.prefix(20).joined(separator: "\n"))")
  }
}
