import Database
import Synchronization
public import Workflow

/// Vector tiles of curated datasets, drawn by PostGIS as the role that owns their tables, and kept by version. Its calls block.
public final class Tiles: Sendable {
  private let datasets: Datasets
  private let guest: GuestDatabase?
  private let places = Places(Tiles.readAtATime)
  private let cache = TileCache(mostBytes: 64 << 20)
  /// By dataset, of the version that was seen last.
  private let layers = Mutex<[String: TileLayer]>([:])

  /// Connections that maps have at most in this process: they never take the database from the jobs.
  private static let readAtATime = 4
  private let patience: Duration
  private static let mostFeatures = 50_000
  private static let mebibytes = 4
  private static let mostAttributes = 100

  /// - Parameter patience: how long one tile may take to draw, with all that is looked up for it.
  init(datasets: Datasets, tables: GuestConfiguration?, patience: Duration) {
    self.datasets = datasets
    self.patience = patience
    guest = tables.map { GuestDatabase($0) }
  }

  /// What the current version holds.
  /// - Throws: `.noDataset`, `.noDatasetVersion`, `.datasetNotDrawn`, `.noCuratedTables`, `.curatedTablesAway`.
  public func layer(of dataset: String) throws -> TileLayer {
    try reading(dataset) { reading in try layer(reading) }
  }

  /// Draws a tile, unless it was drawn before.
  /// - Throws: as `layer(of:)`, `.tileTooSlow` and `.tileTooLarge`.
  public func tile(_ address: TileAddress, of dataset: String) throws -> Tile {
    try reading(dataset) { reading in
      let key = TileCache.Key(dataset: dataset, edition: reading.edition, address: address)
      if let tile = cache[key] { return tile }
      let tile = try draw(address, layer(reading), reading)
      cache.keep(tile, key)
      return tile
    }
  }

  /// Rows as people read them: a value for each attribute, nil where there is none.
  /// - Parameter from: how many to pass over.
  public func rows(of dataset: String, from: Int, limit: Int) throws -> (layer: TileLayer, rows: [[String?]]) {
    try reading(dataset) { reading in
      let layer = try layer(reading)
      return (layer, try reading.run(TileStatements(layer: layer).rows, ["\(from)", "\(limit)"]))
    }
  }

  /// Reads the version that is current now: while the table is locked, none takes its place.
  private func reading<T>(_ dataset: String, _ body: (TileReading) throws -> T) throws -> T {
    _ = try datasets.dataset(dataset)
    guard let guest, let tables = datasets.tables else { throw EngineError(.noCuratedTables, subject: dataset) }
    try tables.ensure()
    places.take()
    defer { places.giveBack() }
    do {
      let session = try guest.begin(GuestOptions(access: .readOnly, lockTimeout: .seconds(2)))
      defer { guest.giveBack(session) }
      let value = try body(try TileReading(dataset, session, until: .now + patience))
      try session.end(commits: true) { false }
      return value
    } catch let error as GuestError {
      switch error.code {
      case .unreachable, .unsafeLogin: throw EngineError(.curatedTablesAway(error.message), subject: dataset)
      case .cancelled: throw EngineError(.tileTooSlow, subject: dataset)
      // statement and memory limits of the server; what one value can hold
      case .server(sqlstate: "57014"): throw EngineError(.tileTooSlow, subject: dataset)
      case .server(sqlstate: "54000"), .server(sqlstate: "53200"), .tooLarge:
        throw EngineError(.tileTooLarge(mebibytes: Self.mebibytes), subject: dataset)
      case .server(sqlstate: "55P03"): throw EngineError(.curatedTableBusy, subject: dataset)
      default: throw error
      }
    }
  }

  private func layer(_ reading: TileReading) throws -> TileLayer {
    let (dataset, table, edition) = (reading.dataset, reading.table, reading.edition)
    if let known = layers.withLock({ $0[dataset] }), known.edition == edition { return known }
    let columns = try reading.run(TileStatements.columns, [table])
    guard let place = columns.first(where: { $0[1] == "geometry" }), let name = place[0], let srid = place[3].flatMap({ Int($0) }), srid > 0
    else { throw EngineError(.datasetNotDrawn(table: table), subject: dataset) }
    var layer = TileLayer(
      dataset: dataset, edition: edition, table: table, geometry: TileStatements.quoted(name), srid: srid,
      attributes: Array(columns.compactMap(Self.attribute).prefix(Self.mostAttributes)), rows: 0, bounds: nil)
    if let extent = try reading.run(TileStatements(layer: layer).bounds).first {
      layer.rows = extent[4].flatMap { Int($0) } ?? 0
      let numbers = extent.prefix(4).compactMap { $0.flatMap { Double($0) } }
      layer.bounds = numbers.count == 4 ? numbers : nil
    }
    let made = layer
    layers.withLock { $0[dataset] = made }
    return layer
  }

  /// Nil for what no map shows: other geometries, rasters, bytes.
  private static func attribute(_ column: [String?]) -> TileLayer.Attribute? {
    guard let name = column[0], let type = column[1], let category = column[2] else { return nil }
    let quoted = "t.\(TileStatements.quoted(name))"
    switch (type, category) {
    case ("geometry", _), ("geography", _), ("raster", _), ("bytea", _): return nil
    case (_, "B"): return .init(name: name, kind: .boolean, expression: quoted)
    case ("int2", _), ("int4", _), ("int8", _), ("float4", _), ("float8", _): return .init(name: name, kind: .number, expression: quoted)
    case ("numeric", _): return .init(name: name, kind: .number, expression: "\(quoted)::float8")
    case ("text", _): return .init(name: name, kind: .string, expression: quoted)
    default: return .init(name: name, kind: .string, expression: "\(quoted)::text")
    }
  }

  private func draw(_ address: TileAddress, _ layer: TileLayer, _ reading: TileReading) throws -> Tile {
    let statements = TileStatements(layer: layer)
    let (west, south, east, north) = address.area
    let area = ["\(west)", "\(south)", "\(east)", "\(north)"]
    let near = try reading.run(statements.count, area).first?.first.flatMap { $0 }.flatMap { Int($0) } ?? 0
    var most = Self.mostFeatures
    while near > 0 {
      let place = ["\(address.z)", "\(address.x)", "\(address.y)", "\(address.unit)"]
      let values = area + place + [layer.dataset, "\(most)", "\(Self.mebibytes << 20)"]
      guard let row = try reading.run(statements.tile(isCut: near > most), values).first else { break }
      let features = row[1].flatMap { Int($0) } ?? 0
      if let tile = row[0] {
        let bytes = features == 0 ? [] : Self.bytes(tile)
        return Tile(edition: layer.edition, bytes: bytes, features: features, leftOut: max(0, near - most))
      }
      guard most > 1, let size = row[2].flatMap({ Int($0) }), size > 0 else {
        throw EngineError(.tileTooLarge(mebibytes: Self.mebibytes), subject: layer.dataset)
      }
      // a tenth less than would just fit, were all alike: the large ones stay
      most = max(1, min(near, most) * (Self.mebibytes << 20) / size * 9 / 10)
    }
    return Tile(edition: layer.edition, bytes: [], features: 0, leftOut: 0)
  }

  /// What PostgreSQL writes as `\x0a1b`.
  private static func bytes(_ text: String) -> [UInt8] {
    func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte &- 0x30 : byte &- 0x57 }
    var (bytes, high): ([UInt8], UInt8?) = ([], nil)
    bytes.reserveCapacity(text.utf8.count / 2)
    for byte in text.utf8.dropFirst(2) {
      if let first = high {
        bytes.append(first << 4 | digit(byte))
        high = nil
      } else {
        high = digit(byte)
      }
    }
    return bytes
  }
}
