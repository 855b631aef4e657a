internal import Glibc
internal import Workflow

/// Writes a GeoJSON geometry as EWKB, little endian, with SRID 4326, and checks it on the way.
///
/// A position's third number is kept if any position has one (those without get 0); further ones are dropped, as RFC
/// 7946 allows. - Source: RFC 7946 section 3.1; PostGIS, `lwin_wkb.c`.
struct GeometryWriter {
  private(set) var bytes: [UInt8] = []
  private var hasHeight = false
  private var sawHeight = false

  /// What is wrong and where, in place of bytes.
  struct Fault: Error {
    let pointer: [String]
    let message: String
  }

  static func binary(_ geometry: RawJSON) throws(Fault) -> [UInt8] {
    var writer = GeometryWriter()
    try writer.geometry(geometry, depth: 0)
    guard writer.sawHeight else { return writer.bytes }
    writer = GeometryWriter()
    writer.hasHeight = true
    try writer.geometry(geometry, depth: 0)
    return writer.bytes
  }

  private mutating func geometry(_ value: RawJSON, depth: Int) throws(Fault) {
    guard value.kind == .object else { throw fault("expected is a geometry object, given is \(value.kind.article)") }
    guard depth < 16 else { throw fault("geometries are nested deeper than 16 levels") }
    guard let type = value.member("type")?.string else { throw fault("\"type\" is missing") }
    if type == "GeometryCollection" { return try collection(value, depth) }
    guard let shape = Shape(rawValue: type) else { throw fault(at: "type", "there is no geometry type \"\(type)\"") }
    guard let coordinates = value.member("coordinates") else { throw fault("\"coordinates\" is missing") }
    header(shape.code, hasSRID: depth == 0)
    do throws(Fault) { try self.shape(shape, coordinates) } catch {
      throw Fault(pointer: ["coordinates"] + error.pointer, message: error.message)
    }
  }

  private mutating func collection(_ value: RawJSON, _ depth: Int) throws(Fault) {
    guard let geometries = value.member("geometries"), geometries.kind == .array else {
      throw fault("\"geometries\" must be an array")
    }
    header(7, hasSRID: depth == 0)
    count(geometries.elementCount)
    for (index, element) in geometries.elements.enumerated() {
      do throws(Fault) { try geometry(element, depth: depth + 1) } catch {
        throw Fault(pointer: ["geometries", String(index)] + error.pointer, message: error.message)
      }
    }
  }

  private enum Shape: String {
    case Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon

    var code: UInt32 {
      switch self {
      case .Point: 1
      case .LineString: 2
      case .Polygon: 3
      case .MultiPoint: 4
      case .MultiLineString: 5
      case .MultiPolygon: 6
      }
    }
  }

  private mutating func shape(_ shape: Shape, _ value: RawJSON) throws(Fault) {
    switch shape {
    case .Point: try position(value)
    case .LineString: try line(value)
    case .Polygon: try polygon(value)
    case .MultiPoint: try many(value, 1) { (writer: inout Self, part: RawJSON) throws(Fault) in try writer.position(part) }
    case .MultiLineString: try many(value, 2) { (writer: inout Self, part: RawJSON) throws(Fault) in try writer.line(part) }
    case .MultiPolygon: try many(value, 3) { (writer: inout Self, part: RawJSON) throws(Fault) in try writer.polygon(part) }
    }
  }

  private mutating func many(
    _ value: RawJSON, _ code: UInt32, _ body: (inout Self, RawJSON) throws(Fault) -> Void
  ) throws(Fault) {
    try elements(of: value) { (writer: inout Self, element: RawJSON) throws(Fault) in
      writer.header(code, hasSRID: false)
      try body(&writer, element)
    }
  }

  private mutating func polygon(_ value: RawJSON) throws(Fault) {
    let rings = try elements(of: value) { (writer: inout Self, ring: RawJSON) throws(Fault) in
      let start = writer.bytes.count + 4
      let corners = try writer.positions(ring)
      guard corners >= 4 else { throw writer.fault("a polygon's ring has at least 4 positions, this has \(corners)") }
      let size = writer.hasHeight ? 24 : 16
      let end = writer.bytes.count
      guard writer.bytes[start..<start + size] == writer.bytes[end - size..<end] else {
        throw writer.fault("a polygon's ring ends where it begins; this one is open")
      }
    }
    if rings == 0 { throw fault("a polygon has at least one ring") }
  }

  private mutating func line(_ value: RawJSON) throws(Fault) {
    let positions = try positions(value)
    if positions < 2 { throw fault("a line has at least 2 positions, this has \(positions)") }
  }

  private mutating func positions(_ value: RawJSON) throws(Fault) -> Int {
    try elements(of: value) { (writer: inout Self, element: RawJSON) throws(Fault) in try writer.position(element) }
  }

  /// Writes how many elements the array has, and each by `body`.
  @discardableResult
  private mutating func elements(
    of value: RawJSON, _ body: (inout Self, RawJSON) throws(Fault) -> Void
  ) throws(Fault) -> Int {
    guard value.kind == .array else { throw fault("expected is an array, given is \(value.kind.article)") }
    let at = bytes.count
    count(0)
    var number = 0
    for element in value.elements {
      do throws(Fault) { try body(&self, element) } catch {
        throw Fault(pointer: [String(number)] + error.pointer, message: error.message)
      }
      number += 1
    }
    withUnsafeBytes(of: UInt32(number).littleEndian) { raw in bytes.replaceSubrange(at..<at + 4, with: raw) }
    return number
  }

  private mutating func position(_ value: RawJSON) throws(Fault) {
    guard value.kind == .array else { throw fault("expected is a position, given is \(value.kind.article)") }
    var numbers = (0.0, 0.0, 0.0)
    var count = 0
    var isFinite = true
    value.bytes.withUnsafeBufferPointer { text in
      // The text is checked JSON, so a number always ends before the closing bracket; "[", "," and space precede one.
      var at = 1
      while at < text.count {
        let byte = text[at]
        guard byte == 0x2D || (0x30...0x39).contains(byte), let base = text.baseAddress else {
          if byte == 0x5B || byte == 0x7B || byte == 0x22 || byte >= 0x61 && byte != 0x5D { isFinite = false }
          at += 1
          continue
        }
        let start = UnsafeRawPointer(base + at).assumingMemoryBound(to: CChar.self)
        var end: UnsafeMutablePointer<CChar>?
        let number = strtod(start, &end)
        if !number.isFinite { isFinite = false }
        if count == 0 { numbers.0 = number } else if count == 1 { numbers.1 = number } else if count == 2 { numbers.2 = number }
        count += 1
        at += max(1, end.map { UnsafePointer($0) - start } ?? 1)
      }
    }
    guard isFinite else { throw fault("a position has numbers only") }
    guard count >= 2 else { throw fault("a position has at least 2 numbers, this has \(count)") }
    if count > 2 { sawHeight = true }
    append(numbers.0)
    append(numbers.1)
    if hasHeight { append(numbers.2) }
  }

  private mutating func header(_ type: UInt32, hasSRID: Bool) {
    bytes.append(1)
    append(type | (hasHeight ? 0x8000_0000 : 0) | (hasSRID ? 0x2000_0000 : 0))
    if hasSRID { append(UInt32(4326)) }
  }

  private mutating func count(_ number: Int) { append(UInt32(number)) }

  private mutating func append(_ number: UInt32) { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }

  private mutating func append(_ number: Double) {
    withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private func fault(_ message: String) -> Fault { Fault(pointer: [], message: message) }

  private func fault(at token: String, _ message: String) -> Fault { Fault(pointer: [token], message: message) }
}

extension RawJSON {
  fileprivate var elements: [RawJSON] {
    var all: [RawJSON] = []
    forEachElement { element in all.append(element) }
    return all
  }
}

extension DocumentCheck {
  /// The geometry as EWKB; nil after what is wrong was reported.
  mutating func binary(_ geometry: RawJSON) -> [UInt8]? {
    do throws(GeometryWriter.Fault) {
      return try GeometryWriter.binary(geometry)
    } catch {
      nested(["geometry"] + error.pointer, error.message)
      return nil
    }
  }

  private mutating func nested(_ tokens: [String], _ message: String) {
    guard let first = tokens.first else { return report(message) }
    inside(first) { $0.nested(Array(tokens.dropFirst()), message) }
  }
}
