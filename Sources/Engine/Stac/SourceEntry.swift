internal import Database
public import Workflow

/// One source of the catalog.
public struct SourceEntry: Sendable, Equatable {
  /// Stable name of the source.
  public var sourceID: String
  public var collectionID: String
  /// Nil where nothing names one.
  public var theme: String?
  public var title: String
  public var description: String?
  public var keywords: [String]
  public var license: String?
  public var itemCount: Int
  /// As STAC writes it.
  public var extent: RawJSON
  public var assetContainer: String
  /// The assets' keys begin with it.
  public var assetPrefix: String
  public var jobID: Int64?

  public init(
    sourceID: String, collectionID: String, theme: String?, title: String, description: String? = nil,
    keywords: [String] = [], license: String? = nil, itemCount: Int, extent: RawJSON, assetContainer: String,
    assetPrefix: String = "", jobID: Int64? = nil
  ) {
    self.sourceID = sourceID
    self.collectionID = collectionID
    self.theme = theme
    self.title = title
    self.description = description
    self.keywords = keywords
    self.license = license
    self.itemCount = itemCount
    self.extent = extent
    self.assetContainer = assetContainer
    self.assetPrefix = assetPrefix
    self.jobID = jobID
  }

  init(_ row: Row) throws {
    self.init(
      sourceID: try row.string("source_id"), collectionID: try row.string("collection_id"), theme: try row.stringOrNil("theme"),
      title: try row.string("title"), description: try row.stringOrNil("description"), keywords: try row.strings("keywords"),
      license: try row.stringOrNil("license"), itemCount: try row.int("item_count"),
      extent: RawJSON(unchecked: try row.text("extent")[...]), assetContainer: try row.string("asset_container"),
      assetPrefix: try row.string("asset_prefix"), jobID: try row.intOrNil("job_id").map(Int64.init))
  }
}
