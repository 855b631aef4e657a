public import Workflow

/// How datasets are drawn.
public struct Style: Sendable {
  public var id: String
  public var document: StyleDocument
  /// What somebody wrote; nil: it is made of the document.
  public var storedSLD: String?
  /// Moved by every change; 0: nobody has said how the dataset is drawn, and this follows from its geometries.
  public var revision: Int
  /// RFC 3339; nil of one that nobody stored.
  public var updatedAt: String?

  public var isDerived: Bool { revision == 0 }

  public var title: String { document.json["name"]?.stringValue ?? id }

  /// As SLD 1.0.
  /// - Throws: `.styleNotSLD` when it says what SLD cannot.
  public func sld() throws -> String {
    if let storedSLD { return storedSLD }
    switch document.sld(title: title) {
    case .success(let text): return text
    case .failure(let faults): throw EngineError(.styleNotSLD(why: faults.problems.first?.message ?? ""), subject: id)
    }
  }
}
