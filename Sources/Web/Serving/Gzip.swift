import CZlib
import HTTPTypes

/// The form in which text and tiles travel at a third of their size.
enum Gzip {
  /// Windows of 32 KiB, with gzip's head and tail around.
  private static let windowBits: Int32 = 15 + 16

  /// Nil when there is no memory for it.
  static func compressed(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8]? {
    var stream = z_stream()
    guard weir_deflate_init(&stream, level, windowBits) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    var packed = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    var input = bytes
    let status = input.withUnsafeMutableBufferPointer { input in
      packed.withUnsafeMutableBufferPointer { packed in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = packed.baseAddress
        stream.avail_out = UInt32(packed.count)
        return deflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END else { return nil }
    return Array(packed.prefix(Int(stream.total_out)))
  }

  /// Whether who asks can read it.
  static func isWanted(by head: HTTPRequest) -> Bool {
    Acceptance(head.headerFields[.acceptEncoding] ?? "identity").choose(["gzip"]) != nil
  }
}

extension Answer {
  /// The same in gzip for those who can read it, when it is worth the while.
  func compressed(for head: HTTPRequest, level: Int32 = 6) -> Answer {
    var answer = self
    answer.headers[.vary] = [headers[.vary], "Accept-Encoding"].compactMap(\.self).joined(separator: ", ")
    guard body.count > 500, Gzip.isWanted(by: head), let packed = Gzip.compressed(body, level: level), packed.count < body.count else {
      return answer
    }
    answer.headers[.contentEncoding] = "gzip"
    answer.body = packed
    return answer
  }
}
