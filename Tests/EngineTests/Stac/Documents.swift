import Workflow

/// Makes STAC documents; what a test is about it changes by pointer.
enum Make {
  static func item(
    _ id: String, collection: String = "c", datetime: String = "\"2020-05-01T00:00:00Z\"", more: String = "",
    geometry: String = #"{"type":"Point","coordinates":[10.0,50.0]}"#, assets: String = #"{"data":{"href":"x.tif"}}"#
  ) -> String {
    """
    {"type":"Feature","stac_version":"1.0.0","id":"\(id)","collection":"\(collection)","geometry":\(geometry),\
    "bbox":[10.0,50.0,10.0,50.0],"properties":{"datetime":\(datetime)\(more)},"links":[],"assets":\(assets)}
    """
  }

  static func collection(_ id: String = "c", more: String = "") -> String {
    """
    {"type":"Collection","stac_version":"1.0.0","id":"\(id)","description":"d","license":"CC-BY-4.0",\
    "extent":{"spatial":{"bbox":[[-180,-90,180,90]]},"temporal":{"interval":[["2000-01-01T00:00:00Z",null]]}},\
    "links":[]\(more)}
    """
  }

  static func catalog(_ id: String = "k") -> String {
    #"{"type":"Catalog","stac_version":"1.1.0","id":"\#(id)","description":"d","links":[{"rel":"item","href":"./i.json"}]}"#
  }

  /// `text` with the value at `pointer` replaced, or removed where `value` is nil.
  static func changed(_ text: String, _ pointer: String, _ value: JSON?) -> [UInt8] {
    let document = RawJSON(unchecked: Array(text.utf8)[...]).parsed()
    return Array(change(document, JSONPointer.tokens(pointer), value).serialized().utf8)
  }

  private static func change(_ json: JSON, _ tokens: [String], _ value: JSON?) -> JSON {
    guard let first = tokens.first else { return value ?? .null }
    let rest = Array(tokens.dropFirst())
    switch json {
    case .object(let object):
      var members = object.members
      let index = members.firstIndex { $0.key == first }
      if rest.isEmpty, value == nil {
        members.removeAll { $0.key == first }
      } else if let index {
        members[index].value = change(members[index].value, rest, value)
      } else {
        members.append((first, value ?? .null))
      }
      return .object(JSONObject(members))
    case .array(var array):
      if let index = Int(first), array.indices.contains(index) { array[index] = change(array[index], rest, value) }
      return .array(array)
    default: return json
    }
  }
}
