import Glibc
import Runners
import Testing
import Workflow

@Suite struct `weir check` {
  private func report(
    _ library: String, manifest: String? = nil, cycles: Int = 3
  ) throws -> [String: CheckResult] {
    let report = try Conformance.check(
      library: library, manifest: manifest, configuration: try Make.configuration(), cycles: cycles)
    return Dictionary(uniqueKeysWithValues: report.results.map { ($0.name, $0) })
  }

  /// A copy of the library that is wrong in the way its file's name says.
  private func withFault<T>(_ fault: String, _ body: (String) throws -> T) throws -> T {
    let folder = "/tmp/weir-faults-\(getpid())-\(fault)"
    mkdir(folder, 0o755)
    let path = "\(folder)/\(fault).so"
    let source = open(Make.library("BrokenAtLoad"), O_RDONLY)
    let target = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o755)
    try #require(source >= 0 && target >= 0)
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(source, &room, room.count), count > 0 { write(target, room, count) }
    close(source)
    close(target)
    defer {
      unlink(path)
      rmdir(folder)
    }
    return try body(path)
  }

  @Test func `passes a sound library, and says what it did not look at`() throws {
    let whole = try Conformance.check(
      library: Make.library("Noop"), configuration: try Make.configuration(), cycles: 3)
    #expect(whole.isPassed, "\(whole.text)")
    #expect(whole.level == 2)
    #expect(whole.results.map(\.number) == [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15])
    let manifest = whole.results.first { $0.name == "manifest-valid" }
    #expect(manifest?.status == .skipped("no manifest beside the library: name one by --manifest"))
    #expect(whole.json["passed"]?.boolValue == true)
  }

  @Test func `names the calls that end or change the process`() throws {
    let results = try report(Make.library("Broken"))
    #expect(results["banned-imports"]?.status == .failed)
    let findings = results["banned-imports"]?.findings.joined(separator: "\n") ?? ""
    #expect(findings.contains("It imports exit, which would end the runner: return a status instead."))
    #expect(findings.contains("fork"))
  }

  @Test(arguments: [
    ("magic", "plugin: magic is 0x454c4946; set it to WEIR_MAGIC."),
    ("size", "plugin: struct_size is 24; at least"), ("handler-size", "handlers[0]: struct_size is 16; at least"),
    ("id", "plugin: id is NULL."), ("text", "handler \"fault.run\": title is not UTF-8."),
    ("run", "handler \"fault.run\": run is NULL or points nowhere."), ("none", "plugin: it has no handlers."),
  ])
  func `finds what is wrong with the layout`(fault: String, finding: String) throws {
    try withFault(fault) { path in
      let result = try #require(try report(path, cycles: 1)["abi-layout"])
      #expect(result.status == .failed)
      #expect(result.findings.contains { $0.hasPrefix(finding) }, "\(result.findings)")
    }
  }

  @Test func `finds a crash where it happens, and looks at the rest`() throws {
    try withFault("crash") { path in
      let results = try report(path, cycles: 1)
      #expect(results["load-now"]?.status == .passed)
      #expect(results["entry-pure"]?.status == .crashed("it crashed: SIGABRT"))
      #expect(results["elf-sane"]?.isBad == false)
    }
  }

  @Test func `finds an open that fails`() throws {
    try withFault("open") { path in
      let result = try #require(try report(path, cycles: 1)["open-close"])
      #expect(result.status == .failed)
    }
  }

  @Test func `compares library and manifest`() throws {
    let file = "/tmp/weir-check-\(getpid()).json"
    let target = fopen(file, "w")
    try #require(target != nil)
    fputs(#"{"id": "org.weir.noop", "version": "2.0.0", "abi": 1, "library": "Noop", "handlers": {"noop.run": {}}}"#, target)
    fclose(target)
    defer { unlink(file) }
    let results = try report(Make.library("Noop"), manifest: file, cycles: 1)
    let result = try #require(results["descriptor-equals-manifest"])
    #expect(result.status == .failed)
    #expect(result.findings.contains { $0.contains("2.0.0") })
    #expect(results["manifest-valid"]?.status == .passed)
  }

  @Test func `refuses a file that is no library`() throws {
    #expect {
      _ = try Conformance.check(library: "/etc/passwd", configuration: try Make.configuration())
    } throws: { error in
      (error as? RunnersError)?.code == .notAnImage("it is not a 64-bit little-endian ELF file")
    }
  }
}

@Suite struct `What a library says of itself` {
  @Test func `is read in a runner of its own`() throws {
    let description = try LibraryDescription.of(Make.build("Noop"), configuration: try Make.configuration())
    #expect(description.id == "org.weir.noop")
    #expect(description.handlers.map(\.name).contains("noop.echo"))
  }

  @Test func `or why it cannot be`() throws {
    var build = Make.build("Noop")
    build.library = "/nowhere/libNoop.so"
    #expect {
      _ = try LibraryDescription.of(build, configuration: try Make.configuration())
    } throws: { error in
      guard let error = error as? RunnersError, case .libraryRefused = error.code else { return false }
      return error.description.contains("Run: weir check /nowhere/libNoop.so")
    }
  }
}

@Suite struct `A handler in this process` {
  @Test func `is called over the same protocol`() throws {
    let outcome = try InProcessRunner.call(
      Make.task("noop.echo", #"{"a":1}"#), build: Make.build("Noop"), configuration: try Make.configuration(),
      delegate: Recorder())
    #expect(outcome.kind == .completed)
    #expect(outcome.result?.text == #"{"a":1}"#)
  }
}
