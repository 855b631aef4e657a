public import Workflow

/// Whether a JSON document is a STAC item, catalog or collection of version 1.0 or 1.1.
///
/// The rules are those of the core schemas as far as they decide whether a document can be read, filed and served;
/// extensions are not looked into.
public enum StacDocument: String, Sendable {
  case item = "Feature"
  case catalog = "Catalog"
  case collection = "Collection"

  /// Everything that is wrong with it, at most 50 problems; empty for a valid document.
  public static func problems(in document: RawJSON) -> [StacProblem] {
    var check = DocumentCheck()
    switch kind(of: document, &check) {
    case nil: break
    case .catalog: check.catalog(document)
    case .collection: check.collection(document)
    case .item:
      let parts = check.item(document)
      if let geometry = parts.geometry, !geometry.isNull { _ = check.binary(geometry) }
    }
    return check.problems
  }

  static func kind(of document: RawJSON, _ check: inout DocumentCheck) -> StacDocument? {
    guard document.kind == .object else {
      check.report("a STAC document is an object, given is \(document.kind.article)")
      return nil
    }
    guard let type = document.member("type") else {
      check.missing("type")
      return nil
    }
    guard let kind = type.string.flatMap(StacDocument.init(rawValue:)) else {
      let given = type.bytes.count < 60 ? type.text : type.kind.article
      check.report(at: "type", "is \(given), it can be \"Feature\", \"Catalog\" or \"Collection\"")
      return nil
    }
    return kind
  }
}
