internal import Workflow

/// 11: every structure, pointer, text and schema that the library describes itself by is sound.
struct AbiLayoutCheck: Check {
  let number = 11
  let name = "abi-layout"
  let level = 2

  func look(at subject: CheckSubject) -> CheckFinding {
    let report = LibraryProbe(subject: subject).report(.layout)
    if let crashed = CheckFinding(crashOf: report) { return crashed }
    if !report.bad.isEmpty { return .failed(report.bad) }
    do throws(RunnersError) {
      let description = try LibraryDescription.of(subject.build, configuration: subject.configuration)
      return .failed(description.handlers.flatMap(Self.schemaFailures))
    } catch {
      return .failed([error.message])
    }
  }

  private static func schemaFailures(_ handler: HandlerDescription) -> [String] {
    let schemas = [
      ("params_schema", JSON?.some(handler.paramsSchema)), ("result_schema", handler.resultSchema),
      ("item_schema", handler.itemSchema),
    ]
    return schemas.compactMap { name, document in
      guard let document else { return nil }
      do throws(SchemaError) {
        _ = try Schema(document)
        return nil
      } catch {
        return "handler \"\(handler.name)\": its \(name) is no JSON Schema (draft-07): \(error.message)"
      }
    }
  }
}
