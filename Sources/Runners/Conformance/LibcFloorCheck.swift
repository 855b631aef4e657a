/// 4: it runs on the oldest system that Weir is made for.
struct LibcFloorCheck: Check {
  let number = 4
  let name = "libc-floor"
  let level = 1

  /// Debian 12.
  private static let floors: [(prefix: String, floor: [Int], text: String)] = [
    ("GLIBC_", [2, 36], "glibc 2.36"), ("GLIBCXX_", [3, 4, 30], "libstdc++ of GCC 12"),
    ("CXXABI_", [1, 3, 13], "libstdc++ of GCC 12"),
  ]

  func look(at subject: CheckSubject) -> CheckFinding {
    var failures: [String] = []
    for (prefix, floor, text) in Self.floors {
      let newer = subject.image.symbols.filter { symbol in
        guard !symbol.isDefined, let version = symbol.version, version.hasPrefix(prefix) else { return false }
        return floor.lexicographicallyPrecedes(Self.numbers(version.dropFirst(prefix.count)))
      }
      let newest = newer.max { Self.numbers($0.version ?? "").lexicographicallyPrecedes(Self.numbers($1.version ?? "")) }
      guard let newest, let version = newest.version else { continue }
      failures.append("It needs \(newest.name) of \(version); Debian 12 has \(text). Build it on Debian 12.")
    }
    return .failed(failures)
  }

  private static func numbers(_ text: some StringProtocol) -> [Int] {
    text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
  }
}
