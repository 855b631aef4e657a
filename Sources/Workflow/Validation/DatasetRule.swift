/// One thing that every dataset must keep.
public protocol DatasetRule: Sendable {
  /// `dataset-table`: also the folder of its golden cases.
  var id: String { get }
  func problems(in dataset: DatasetDefinition, source: ManifestSource) -> [Problem]
}
