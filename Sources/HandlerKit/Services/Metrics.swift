internal import HandlerABI

/// Domain metrics that the plugin's manifest declares. They are summed, and count only if the attempt wins. Without the
/// service they are dropped.
public struct Metrics {
  private let task: Task
  private let table: UnsafePointer<weir_metric>?

  init(_ task: Task) {
    self.task = task
    table = task.table(.metric, as: weir_metric.self)
  }

  public func add(_ name: String, _ value: Double, labels: KeyValuePairs<String, String> = [:]) throws(HandlerError) {
    guard let table else { return }
    let pointer = try task.live()
    let members = labels.map { (key: $0.key, value: JSONText($0.value)) }
    let text = members.isEmpty ? nil : JSONText.object([:]).adding(members).text
    try task.require(HostBytes.lend(text) { table.pointee.add(pointer, name, value, $0) }, "metric \(name)")
  }

  public func add(_ name: String, _ value: Int) throws(HandlerError) {
    try add(name, Double(value))
  }
}

extension Task {
  public var metrics: Metrics { Metrics(self) }
}
