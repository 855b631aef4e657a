import Testing

@Suite struct `Imports go down the house only` {
  @Test func `a Swift file imports what its floor allows`() throws {
    var offences: [Offence] = []
    for file in try Tree.program() where file.isSwift {
      guard let allowed = ImportLaw.targets(allowedFor: file) else {
        offences.append(
          .init(
            file, "the target \(file.target) has no line in the table of who may import whom",
            mend: "Add it to ImportLaw.swift and to ARCHITECTURE.md"))
        continue
      }
      for (module, line) in file.imports where !allowed.contains(module) && !ImportLaw.system.contains(module) {
        if module == "Foundation" {
          if file.isPlugin || ImportLaw.withoutFoundation.contains(file.target) {
            offences.append(
              .init(file, at: line, "\(file.target) imports Foundation", mend: "FoundationEssentials does, and costs 7 MB less a process"))
          }
          continue
        }
        offences.append(
          .init(
            file, at: line, "\(file.target) imports \(module)",
            mend: "It may import \(allowed.sorted().joined(separator: ", ")); pass the value in, or change the table with a decision"))
      }
    }
    Offence.report(offences)
  }

  @Test func `a C file includes headers of the targets below it only`() throws {
    let program = try Tree.program()
    var owner: [String: String] = [:]
    for file in program where file.path.contains("/include/") {
      owner[String(file.path.split(separator: "/include/", maxSplits: 1)[1])] = file.target
    }
    var offences: [Offence] = []
    for file in program where !file.isSwift {
      let allowed = ImportLaw.targets(allowedFor: file) ?? []
      for (header, line) in file.imports {
        guard let target = owner[header], target != file.target, !allowed.contains(target) else { continue }
        offences.append(
          .init(
            file, at: line, "\(file.target) includes \(header) of \(target)",
            mend: "It may include headers of \(allowed.isEmpty ? "no other target" : allowed.sorted().joined(separator: ", "))"))
      }
    }
    Offence.report(offences)
  }

  @Test func `Workflow takes time, ids and chance as arguments`() throws {
    let asks = [
      "Date()", "Date.now", "Clock.now", "Clock()", "UUID()", ".random(", "SystemRandomNumberGenerator", "getenv(", "clock_gettime",
    ]
    Offence.report(
      try Tree.files(in: ["Sources/Workflow"], ["swift"]).flatMap { file in
        file.lines.flatMap { line in
          asks.filter { line.code.contains($0) }.map {
            Offence(
              file, at: line.number, "Workflow asks for \($0)",
              mend: "Take the value as an argument: what Workflow decides must not change by itself")
          }
        }
      })
  }
}
