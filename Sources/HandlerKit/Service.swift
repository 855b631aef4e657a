internal import HandlerABI

/// The id of something that the host does for a handler.
public struct Service: Sendable, Hashable {
  public let id: String

  /// For a service that this kit has no type for.
  public init(id: String) {
    self.id = id
  }

  public static let log = Service(id: WEIR_LOG)
  public static let metric = Service(id: WEIR_METRIC)
  public static let progress = Service(id: WEIR_PROGRESS)
  public static let cancel = Service(id: WEIR_CANCEL)
  public static let checkpoint = Service(id: WEIR_CHECKPOINT)
  public static let storage = Service(id: WEIR_STORAGE)
  public static let stac = Service(id: WEIR_STAC)
  public static let sql = Service(id: WEIR_SQL)
  public static let http = Service(id: WEIR_HTTP)
}
