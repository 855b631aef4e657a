import CAssets
import Engine
import HTTPTypes

/// The files that pages bring along, out of the program itself, each under a path that changes with its content.
enum PageAssets {
  struct File: Sendable {
    var contentType: String
    var bytes: [UInt8]
    /// In gzip; nil: that would not be smaller.
    var packed: [UInt8]?
    var hash: String
  }

  static let files: [String: File] = {
    var files: [String: File] = [:]
    for index in 0..<weir_assets_count() {
      guard let asset = weir_assets_at(index), case let path = String(cString: asset.pointee.name), path.hasPrefix("browser/") else {
        continue
      }
      let name = String(path.dropFirst("browser/".count))
      let bytes = Array(UnsafeBufferPointer(start: asset.pointee.data, count: asset.pointee.size))
      let hash = SecretText.hash(String(decoding: bytes, as: UTF8.self)).prefix(8).map { byte in
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }.joined()
      let packed = Gzip.compressed(bytes, level: 9).flatMap { $0.count < bytes.count ? $0 : nil }
      files[name] = File(contentType: contentType(of: name), bytes: bytes, packed: packed, hash: hash)
    }
    return files
  }()

  private static func contentType(of name: String) -> String {
    switch name.split(separator: ".").last {
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml"
    default: "application/octet-stream"
    }
  }

  static func path(of name: String) -> String { "/assets/\(files[name]?.hash ?? "none")/\(name)" }

  static var route: Route {
    Route(
      .get, "/assets/{hash}/{name}", id: "getAsset", "A file of the pages.", access: .open,
      parameters: [.path("hash", .text(longest: 64), "Of its content."), .path("name", .text(longest: 100), "Its name.")],
      successes: [.init(status: 200, summary: "The file.", contentType: "application/octet-stream")], audience: .people,
      .quick { call in
        guard let file = files[call.path("name")], file.hash == call.path("hash") else {
          throw Problem(.noPath, "there is no file \(call.path("name")) of this content", hint: "Load the page anew.")
        }
        var headers: HTTPFields = [.cacheControl: "public, max-age=31536000, immutable", .vary: "Accept-Encoding"]
        guard let packed = file.packed, Gzip.isWanted(by: call.head) else {
          return Answer(headers: headers, contentType: file.contentType, body: file.bytes)
        }
        headers[.contentEncoding] = "gzip"
        return Answer(headers: headers, contentType: file.contentType, body: packed)
      })
  }
}
