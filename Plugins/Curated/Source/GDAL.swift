import HandlerABI
import HandlerGDAL
import HandlerKit

/// GDAL, with the task lent to it.
enum GDAL {
  /// Runs `body` while GDAL reads through the task.
  static func with<T>(_ task: Task, _ body: () throws -> T) throws -> T {
    try task.withHostTask { pointer in
      guard weir_gdal_begin(pointer) == Int32(WEIR_OK) else {
        throw HandlerError(.denied, "\(task.handler): weir.storage/1 was not granted, and GDAL reads by it.")
      }
      defer { weir_gdal_end() }
      return try body()
    }
  }

  /// Why GDAL failed.
  static func failure(_ what: String) -> HandlerError {
    let (status, message) = words { text, size in weir_gdal_failure(what, text, size) }
    return HandlerError(Status(code: status), message)
  }

  /// The text of the first file in an archive whose name fits; nil where there is none.
  static func text(in path: String, named pattern: String) throws -> String? {
    let (status, text) = words { into, size in weir_archive_text(path, pattern, into, UInt64(size)) }
    if status == Int32(WEIR_NOT_FOUND) { return nil }
    if status != Int32(WEIR_OK) { throw failure(path) }
    return text
  }

  private static func words(_ fill: (UnsafeMutablePointer<CChar>, Int) -> weir_status) -> (status: weir_status, text: String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { room in
      room.initialize(repeating: 0)
      guard let start = room.baseAddress else { return (Int32(WEIR_FAILED), "") }
      return (fill(start, room.count), String(cString: start))
    }
  }
}
