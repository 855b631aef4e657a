import Glibc

/// Newline-delimited JSON: one value a line.
public enum NDJSON {
  /// The values of a chunk that is known to be NDJSON; blank lines are no values.
  public static func split(_ chunk: ArraySlice<UInt8>) -> [RawJSON] {
    lines(of: chunk).map { RawJSON(unchecked: $0) }
  }

  public static func split(_ chunk: [UInt8]) -> [RawJSON] { split(chunk[...]) }

  /// The values of a chunk from outside; the error's line is that of the chunk.
  public static func split(
    validating chunk: ArraySlice<UInt8>, limits: JSONLimits = JSONLimits()
  ) throws(JSONSyntaxError) -> [RawJSON] {
    var values: [RawJSON] = []
    for line in lines(of: chunk) {
      do {
        values.append(try RawJSON(validating: line, limits: limits))
      } catch {
        throw JSONSyntaxError(
          offset: line.startIndex - chunk.startIndex + error.offset,
          line: chunk[..<line.startIndex].count { $0 == 0x0A } + 1,
          column: error.column, message: error.message)
      }
    }
    return values
  }

  /// How many values a chunk holds.
  public static func count(_ chunk: ArraySlice<UInt8>) -> Int { lines(of: chunk).count }

  /// Appends a value as one line.
  public static func append(_ value: RawJSON, to chunk: inout [UInt8]) {
    chunk.append(contentsOf: value.singleLine)
    chunk.append(0x0A)
  }

  private static func lines(of chunk: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = chunk.startIndex
    while start < chunk.endIndex {
      let stop = lineEnd(in: chunk, from: start)
      let line = chunk[start..<stop]
      if line.contains(where: { $0 > 0x20 }) { lines.append(line) }
      start = stop + 1
    }
    return lines
  }

  private static func lineEnd(in chunk: ArraySlice<UInt8>, from start: Int) -> Int {
    chunk[start...].withUnsafeBufferPointer { rest in
      guard let base = rest.baseAddress, let newline = memchr(base, 0x0A, rest.count) else {
        return chunk.endIndex
      }
      return start + (UnsafeRawPointer(newline) - UnsafeRawPointer(base))
    }
  }
}
