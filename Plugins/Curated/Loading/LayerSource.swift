import CuratedRules
import HandlerABI
import HandlerGDAL
import HandlerKit

/// The layers of an object as the rows of one table, in the bytes of a binary COPY. Inside `GDAL.with`.
final class LayerSource {
  /// In the order of the COPY; the last two are `geom` and `row_hash`.
  let columns: [TableColumn]
  private let layers: OpaquePointer
  private let path: String
  private static let piece = 1 << 20

  /// - Throws: why it is no source of rows.
  init(_ path: String, _ config: SourceConfig) throws {
    self.path = path
    let types = (config.types ?? [:]).map { "\($0.key)=\($0.value)" }
    let layers = Self.lend(config.layers ?? []) { patterns in
      Self.lend(types) { types in weir_layers_open(path, patterns, config.kind, types) }
    }
    guard let layers else { throw GDAL.failure("cannot open \(path)") }
    self.layers = layers
    // try?: HandlerGDAL writes nothing else than JSON
    guard let text = weir_layers_columns(layers).map({ String(cString: $0) }), let json = try? JSONText(validating: text) else {
      weir_layers_close(layers)
      throw HandlerError.failed("\(path): its columns cannot be read.")
    }
    columns = json.elements.map { TableColumn(name: $0["name"]?.string ?? "", type: $0["type"]?.string ?? "") }
  }

  deinit { weir_layers_close(layers) }

  /// What was met so far.
  struct Counts: Sendable {
    var rows: Int
    /// Invalid geometries that were made valid; rows without one of the kind; texts that were not UTF-8.
    var mended, emptied, recoded: Int
  }

  var counts: Counts {
    let counts = weir_layers_counted(layers)
    return Counts(rows: Int(counts.rows), mended: Int(counts.mended), emptied: Int(counts.emptied), recoded: Int(counts.recoded))
  }

  /// West, south, east, north of all geometries; nil: there was none.
  var bounds: [Double]? {
    let counts = weir_layers_counted(layers)
    return counts.west > counts.east ? nil : [counts.west, counts.south, counts.east, counts.north]
  }

  /// The next rows; empty at the end.
  func read() throws -> [UInt8] {
    var room = Self.piece
    while true {
      var status = Int32(WEIR_OK)
      var got: UInt64 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
        status = weir_layers_read(layers, buffer.baseAddress, UInt64(buffer.count), &got)
        filled = status == Int32(WEIR_OK) ? Int(got) : 0
      }
      if status == Int32(WEIR_OK) { return bytes }
      guard status == Int32(WEIR_TOO_LARGE), got > UInt64(room), got < 1 << 31 else { throw GDAL.failure(path) }
      room = Int(got)
    }
  }

  /// C strings with NULL behind them.
  private static func lend<T>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
    let all = texts.map { text in
      let units = text.utf8CString
      let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: units.count)
      _ = copy.initialize(from: units)
      return copy
    }
    defer { for copy in all { copy.deallocate() } }
    return (all.map { UnsafePointer($0.baseAddress) } + [nil]).withUnsafeBufferPointer { pointers in
      // it holds the NULL at least
      guard let start = pointers.baseAddress else { preconditionFailure("an array with an element has an address") }
      return body(start)
    }
  }
}
