import CuratedRules
import HandlerKit

/// A dataset as a STAC collection: what it is, where it lies, who made it, and on what terms.
struct CollectionEntry {
  let dataset: CuratedDataset
  let version: Int
  let sourceVersion: String?
  let rows: Int
  /// West, south, east, north.
  let bounds: [Double]?
  /// RFC 3339.
  let loadedAt: String
  let columns: [TableColumn]

  private static let table = "https://stac-extensions.github.io/table/v1.2.0/schema.json"
  private static let versioned = "https://stac-extensions.github.io/version/v1.2.0/schema.json"

  var json: JSONText {
    let box = (bounds ?? [-180, -90, 180, 90]).map { JSONText($0) }
    let provider = dataset.attribution.map { text in
      JSONText.array([JSONText.object(["name": JSONText(text), "roles": .array([JSONText("producer"), JSONText("licensor")])])])
    }
    let members = columns.map { JSONText.object(["name": JSONText($0.name), "type": JSONText($0.type)]) }
    return .object([
      "type": JSONText("Collection"), "stac_version": JSONText("1.1.0"),
      "stac_extensions": .array([JSONText(Self.table), JSONText(Self.versioned)]), "id": JSONText(dataset.target_table_name),
      "title": JSONText(dataset.name), "description": JSONText(description),
      "keywords": .array([JSONText("curated"), JSONText(dataset.dataset_id)]),
      "license": JSONText(license), "providers": provider, "version": JSONText(sourceVersion ?? "\(version)"),
      "extent": .object([
        "spatial": .object(["bbox": .array([JSONText.array(box)])]),
        "temporal": .object(["interval": .array([JSONText.array([JSONText(loadedAt), .null])])]),
      ]),
      "table:columns": .array(members), "table:primary_geometry": JSONText("geom"), "table:row_count": JSONText(rows),
      "links": .array([JSONText]()),
    ])
  }

  private var description: String {
    [dataset.description ?? dataset.name, dataset.license.map { "Licence: \($0)." }].compactMap { $0 }.joined(separator: " ")
  }

  /// STAC wants an SPDX identifier, or the word for everything else.
  private var license: String {
    guard let text = dataset.license, !text.isEmpty else { return "other" }
    let isIdentifier = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "-.+_".utf8.contains(byte)
    }
    return isIdentifier ? text : "other"
  }
}
