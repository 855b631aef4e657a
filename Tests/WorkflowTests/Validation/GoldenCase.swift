import Glibc
import Testing
import Workflow

/// A manifest in `Cases/RULE/NAME.json` and, beside it in `NAME.txt`, exactly what is said of it; nothing where it is empty.
///
/// Cases of rules for plugins lie in folders that begin with `plugin-`, those for datasets with `dataset-`. Stages use the handlers of `Cases/plugins.json`.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  let rule: String
  let name: String

  var testDescription: String { "\(rule)/\(name)" }

  static let folder = String(#filePath.dropLast("Validation/GoldenCase.swift".count)) + "Cases"

  /// Every case there is.
  static let all: [GoldenCase] = entries(of: folder).filter { !$0.contains(".") }.flatMap { rule in
    entries(of: "\(folder)/\(rule)").filter { $0.hasSuffix(".json") }.map { GoldenCase(rule: rule, name: String($0.dropLast(5))) }
  }

  var isPlugin: Bool { rule.hasPrefix("plugin-") }
  var isDataset: Bool { rule.hasPrefix("dataset-") }

  var expected: String { get throws { try Self.text(of: "\(rule)/\(name).txt") } }

  /// What is said today.
  var actual: String {
    get throws {
      let bytes = try Self.bytes(of: "\(rule)/\(name).json")
      let file = "\(name).json"
      if isDataset { return Validator.dataset(bytes: bytes, file: file).problems.map { "\($0)\n" }.joined() }
      let problems =
        isPlugin
        ? Validator.plugin(bytes: bytes, file: file).problems
        : Validator.workflow(bytes: bytes, file: file, handlers: try Self.handlers).problems
      return problems.map { "\($0)\n" }.joined()
    }
  }

  static var handlers: HandlerCatalogue {
    get throws {
      let plugins = try JSON(parsing: bytes(of: "plugins.json")).arrayValue ?? []
      return HandlerCatalogue(plugins: try plugins.map { try PluginDescription(json: $0) })
    }
  }

  static func text(of path: String) throws -> String { String(decoding: try bytes(of: path), as: UTF8.self) }

  static func bytes(of path: String) throws -> [UInt8] { try TextFile.bytes(at: "\(folder)/\(path)") }

  private static func entries(of folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
