internal import Glibc

/// 3: every symbol that it lacks is in a library that it names.
struct UndefinedClosedCheck: Check {
  let number = 3
  let name = "undefined-closed"
  let level = 1

  func look(at subject: CheckSubject) -> CheckFinding {
    var wanted = Set(subject.image.symbols.filter { !$0.isDefined && !$0.isWeak && !$0.isLocal }.map(\.name))
    wanted.remove("")
    var failures: [String] = []
    var seen: Set<String> = []
    var queue = subject.image.needed.map { ($0, subject.library, subject.image.searchPath) }[...]
    while let (name, user, searchPath) = queue.popFirst() {
      guard seen.insert(name).inserted else { continue }
      guard let path = Self.find(name, for: user, searchPath: searchPath) else {
        failures.append("\(user) needs \(name), which is in no folder that the loader looks in. Install or ship it.")
        continue
      }
      do throws(RunnersError) {
        let image = try ELFImage(path: path)
        for symbol in image.symbols where symbol.isDefined { wanted.remove(symbol.name) }
        queue += image.needed.map { ($0, path, image.searchPath + searchPath) }
      } catch {
        failures.append(error.message)
      }
    }
    let list = wanted.sorted()
    if !list.isEmpty {
      let more = list.count > 5 ? " and \(list.count - 5) more" : ""
      failures.append(
        "It lacks \(list.prefix(5).joined(separator: ", "))\(more), which no library that it names has. Link it with the "
          + "right -l, and -Wl,-z,defs to see it at once. The host lends no symbols.")
    }
    return .failed(failures)
  }

  private static let folders: [String] = {
    #if arch(arm64)
      let triple = "aarch64-linux-gnu"
    #else
      let triple = "x86_64-linux-gnu"
    #endif
    return ["/lib/\(triple)", "/usr/lib/\(triple)", "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"]
  }()

  private static func find(_ name: String, for user: String, searchPath: [String]) -> String? {
    if name.contains("/") { return access(name, R_OK) == 0 ? name : nil }
    let origin = user.lastIndex(of: "/").map { String(user[..<$0]) } ?? "."
    let own = searchPath.map { $0.replacing("${ORIGIN}", with: origin).replacing("$ORIGIN", with: origin) }
    return (own + folders).map { "\($0)/\(name)" }.first { access($0, R_OK) == 0 }
  }
}
