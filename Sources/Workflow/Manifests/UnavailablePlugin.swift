/// A plugin of which a host has a manifest, but whose library cannot be loaded there for want of another one.
public struct UnavailablePlugin: Sendable, Hashable {
  public var id: String
  public var version: String
  /// As the manifest names them.
  public var handlers: [String]
  /// The file of the library, such as `libCurated.so`.
  public var library: String
  /// What it needs and the machine does not have, such as `libgdal.so.32`.
  public var missing: String

  public init(id: String, version: String, handlers: [String], library: String, missing: String) {
    self.id = id
    self.version = version
    self.handlers = handlers
    self.library = library
    self.missing = missing
  }

  public init(_ manifest: PluginManifest, library: String, missing: String) {
    self.init(
      id: manifest.id, version: manifest.version, handlers: manifest.handlers.map(\.name), library: library, missing: missing)
  }

  public var message: String { "plugin \"\(id)\" cannot be loaded: \(library) needs \(missing), which this machine does not have" }

  public var hint: String { "Install it and start weir again; on Debian: apt install \(Self.package(of: missing))" }

  /// The package that Debian has a shared library in, by its rule for names.
  /// - Source: Debian Policy 8.1, "Run-time shared libraries".
  static func package(of library: String) -> String {
    let parts = library.firstRange(of: ".so.").map { (library[..<$0.lowerBound], library[$0.upperBound...]) } ?? (library[...], "")
    let name = parts.0.hasSuffix(".so") ? parts.0.dropLast(3) : parts.0
    let mark = name.last?.isNumber == true && !parts.1.isEmpty ? "-" : ""
    return "\(name)\(mark)\(parts.1)".lowercased().replacing("_", with: "-")
  }

  public var json: JSON {
    [
      "id": .string(id), "version": .string(version), "handlers": .array(handlers.map(JSON.string)), "library": .string(library),
      "missing": .string(missing),
    ]
  }

  /// Nil for what is not as `json` makes it.
  public init?(_ json: JSON) {
    guard let id = json["id"]?.stringValue, let version = json["version"]?.stringValue, let handlers = json["handlers"]?.arrayValue,
      let library = json["library"]?.stringValue, let missing = json["missing"]?.stringValue
    else { return nil }
    self.init(id: id, version: version, handlers: handlers.compactMap(\.stringValue), library: library, missing: missing)
  }
}
