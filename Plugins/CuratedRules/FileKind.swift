/// What a file is, by its first bytes.
package enum FileKind: String, Sendable, CaseIterable {
  case zip, gzip, tar, geopackage, flatgeobuf, json, page, empty, unknown

  package init(_ head: some Collection<UInt8>) {
    let head = Array(head)
    func begins(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: Array(text.utf8)) }
    let words = head.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
    if head.isEmpty {
      self = .empty
    } else if begins("PK\u{3}\u{4}") {
      self = .zip
    } else if head.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if begins("ustar", at: 257) {
      self = .tar
    } else if begins("SQLite format 3") {
      self = .geopackage
    } else if begins("fgb") {
      self = .flatgeobuf
    } else if words.first == UInt8(ascii: "{") {
      self = .json
    } else {
      self = words.first == UInt8(ascii: "<") ? .page : .unknown
    }
  }

  /// Why it is no source of rows; nil: it may be one.
  package var refusal: String? {
    switch self {
    case .page: "is a web page, and no data"
    case .empty: "is empty"
    case .unknown: "is no zip, tar, GeoPackage, FlatGeobuf or GeoJSON"
    default: nil
    }
  }
}
