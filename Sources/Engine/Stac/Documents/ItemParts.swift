internal import Workflow

/// What an item is made of, as far as registration needs it. Slices of the item's own text.
struct ItemParts {
  /// All members in the order of the text.
  var members: [(key: String, value: RawJSON)] = []
  var type: RawJSON?
  var id: RawJSON?
  var collection: RawJSON?
  var geometry: RawJSON?
  var properties: RawJSON?
  var datetime: RawJSON?
  var start: StacTime?
  var end: StacTime?
  var startText: RawJSON?
  var instant: StacTime?

  /// The interval that pgSTAC files the item under: start and end where both are set, else datetime twice.
  var interval: (from: StacTime, to: StacTime)? {
    if let start, let end { return (start, end) }
    return instant.map { ($0, $0) }
  }
}
