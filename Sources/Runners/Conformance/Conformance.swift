internal import Glibc
internal import Workflow

/// `weir check`: is a library a plugin that this weir can load, and nothing that will bite later?
public enum Conformance {
  static let checks: [any Check] = [
    ElfSaneCheck(), ExportsExactCheck(), UndefinedClosedCheck(), LibcFloorCheck(), BannedImportsCheck(),
    ManifestValidCheck(), LoadNowCheck(), EntryPureCheck(), AbiLayoutCheck(), DescriptorEqualsManifestCheck(),
    NamesUniqueCheck(), VersionRefusalCheck(), OpenCloseCheck(),
  ]

  /// Looks at a library in every way that needs no task: levels 1 (no code of it runs) and 2 (it is loaded, each time in
  /// a process of its own that is killed when it takes too long). Blocks.
  ///
  /// - Parameters:
  ///   - manifest: the plugin's manifest; nil: a file beside the library, named as it is (`libIngest.so`: `Ingest.json`
  ///     or `ingest.json`).
  ///   - cycles: how many processes open and close it.
  /// - Throws: `.notAnImage`.
  public static func check(
    library: String, manifest: String? = nil, configuration: RunnerConfiguration, cycles: Int = 100
  ) throws(RunnersError) -> ConformanceReport {
    let path = absolute(library)
    let subject = CheckSubject(
      library: path, image: try ELFImage(path: path), manifest: readManifest(manifest, library: path),
      configuration: configuration, cycles: cycles)
    let results = checks.map { check in
      let finding = check.look(at: subject)
      return CheckResult(
        number: check.number, name: check.name, level: check.level, status: finding.status, findings: finding.findings)
    }
    return ConformanceReport(library: path, results: results)
  }

  private static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func readManifest(_ given: String?, library: String) -> (file: String, bytes: [UInt8])? {
    if let given { return (given, readFile(given) ?? []) }
    let slash = library.lastIndex(of: "/").map(library.index(after:)) ?? library.startIndex
    var name = library[slash...].prefix { $0 != "." }
    if name.hasPrefix("lib") { name = name.dropFirst(3) }
    for candidate in [String(name), name.lowercased()] {
      let file = "\(library[..<slash])\(candidate).json"
      if let bytes = readFile(file) { return (file, bytes) }
    }
    return nil
  }

  private static func readFile(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while case let count = fread(&part, 1, part.count, file), count > 0, bytes.count < 16 << 20 {
      bytes.append(contentsOf: part[..<count])
    }
    return bytes
  }
}
