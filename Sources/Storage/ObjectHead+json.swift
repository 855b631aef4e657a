internal import FoundationEssentials
public import Workflow

extension ObjectHead {
  /// `{"size","etag","modified"}`, and "sha256" and "type" where known.
  public var json: JSON { .object(JSONObject(members)) }

  func json(key: ObjectKey) -> JSON { .object(JSONObject([(key: "key", value: JSON(key.text))] + members)) }

  private var members: [(key: String, value: JSON)] {
    let time = modified.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
    var members: [(key: String, value: JSON)] = [
      (key: "size", value: JSON(Int(size))), (key: "etag", value: JSON(etag)), (key: "modified", value: JSON(time + "Z")),
    ]
    if let sha256 { members.append((key: "sha256", value: JSON(sha256))) }
    if let type { members.append((key: "type", value: JSON(type))) }
    return members
  }
}
