/// Who may import whom: the arrows of ARCHITECTURE.md, which go down only.
enum ImportLaw {
  /// By target, our own modules and foreign packages that it may import.
  static let allowed: [String: Set<String>] = [
    // DOOR
    "HandlerABI": [],
    "HandlerLoader": ["HandlerABI"],
    "Runner": ["HandlerABI", "HandlerLoader", "CKernel"],
    // GARDEN
    "HandlerKit": ["HandlerABI"],
    "HandlerGDAL": ["HandlerABI"],
    "CuratedRules": [],
    "Curated": allowedInPlugins.union(["CuratedRules"]),
    // CELLAR
    "CPostgres": [], "CCurl": [], "CCrypto": [], "CZlib": [], "CRegex": [], "CKernel": [], "CAssets": [],
    // GROUND
    "Workflow": ["CRegex"],
    // TOOLS
    "Database": ["CPostgres", "CKernel", "Logging"],
    "Storage": ["CCurl", "CCrypto", "CKernel", "Workflow"],
    "Runners": ["CKernel", "HandlerLoader", "Workflow", "Logging"],
    // RULES
    "Engine": ["Workflow", "Database", "CAssets", "CCrypto", "Logging"],
    // FACES
    "Runtime": ["Engine", "Workflow", "Runners", "Storage", "Database", "CCurl", "CCrypto", "Logging", "ServiceLifecycle"],
    "Web": [
      "Engine", "Workflow", "Database", "CAssets", "CZlib", "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOHTTPTypes",
      "Mustache",
      "Logging", "ServiceLifecycle",
    ],
    // ROOF
    "Host": [
      "Web", "Runtime", "Engine", "Runners", "Storage", "Database", "Workflow", "CAssets", "CCurl", "CCrypto", "CKernel",
      "HandlerABI", "HandlerLoader", "Hummingbird", "ArgumentParser", "Logging", "ServiceLifecycle",
      "UnixSignals",
    ],
  ]

  /// What a plugin may import, unless it stands above.
  static let allowedInPlugins: Set<String> = ["HandlerKit", "HandlerABI", "HandlerGDAL"]

  /// The system's own modules, open to all.
  static let system: Set<String> = ["Swift", "Glibc", "Synchronization", "Dispatch", "FoundationEssentials"]

  /// Where `Foundation` would cost every runner or every start its 7 MB, FoundationEssentials does.
  static let withoutFoundation: Set<String> = ["Workflow", "HandlerKit"]

  static func targets(allowedFor file: SourceFile) -> Set<String>? {
    allowed[file.target] ?? (file.isPlugin ? allowedInPlugins : nil)
  }
}
