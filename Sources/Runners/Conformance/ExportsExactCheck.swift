/// 2: the one export is `weir_plugin_v1`.
struct ExportsExactCheck: Check {
  let number = 2
  let name = "exports-exact"
  let level = 1

  func look(at subject: CheckSubject) -> CheckFinding {
    let exports = subject.image.symbols.filter { $0.isDefined && !$0.isLocal && !Self.isLinkers($0.name) }
    var failures: [String] = []
    var warnings: [String] = []
    if !exports.contains(where: { $0.name == "weir_plugin_v1" }) {
      let others = exports.map(\.name).filter { $0.hasPrefix("weir_plugin_v") }
      failures.append(
        (others.isEmpty
          ? "It does not export weir_plugin_v1." : "It exports \(others.joined(separator: ", ")) only, this weir speaks version 1.")
          + " Build it against weir/handler.h of this weir, and mark the entry WEIR_EXPORT.")
    }
    let unique = exports.filter(\.isUnique)
    if !unique.isEmpty {
      warnings.append("It has \(unique.count) symbols that are one for the whole process, such as \(unique[0].name).")
    }
    let strays = exports.filter { $0.name != "weir_plugin_v1" && !$0.isUnique && !Self.isRuntimes($0.name) }
    let strong = strays.filter { !$0.isWeak }
    if !strong.isEmpty {
      failures.append(
        "It exports \(strong.count) more symbols, such as \(strong[0].name). Compile it with -fvisibility=hidden, or link it "
          + "with a version script.")
    }
    if strong.count < strays.count {
      warnings.append("It exports \(strays.count - strong.count) weak symbols, such as \(strays.first(where: \.isWeak)?.name ?? "").")
    }
    return .failed(failures, warnings: warnings)
  }

  /// What linkers define on their own.
  private static func isLinkers(_ name: String) -> Bool {
    ["_init", "_fini", "__bss_start", "_edata", "_end", "__odr_asan"].contains(name)
  }

  /// Metadata that Swift needs visible.
  private static func isRuntimes(_ name: String) -> Bool {
    name.hasPrefix("$s") || name.hasPrefix("__swift") || name.hasPrefix("_swift") || name.hasPrefix("symbolic ")
  }
}
