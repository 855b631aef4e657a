public import Workflow

extension TransferReport {
  /// `{"done","skipped","bytes","failed":[{"index","status","message"}]}`, and "heads" by index if wanted: each with
  /// "written", false where the object stood there already.
  public func json(withHeads: Bool = false) -> JSON {
    var members: [(key: String, value: JSON)] = [
      (key: "done", value: JSON(done)), (key: "skipped", value: JSON(skipped)), (key: "bytes", value: JSON(Int(bytes))),
      (key: "failed", value: .array(failed.map(Self.json))),
    ]
    if withHeads {
      let heads = heads.indices.map { index in head(at: index) { $0.json } }
      members.append((key: "heads", value: .array(heads)))
    }
    return .object(JSONObject(members))
  }

  /// An element's head with "written", null where it failed; `json` makes the head's own members.
  public func head(at index: Int, json: (ObjectHead) -> JSON) -> JSON {
    guard let head = heads[index], case .object(var members) = json(head) else { return .null }
    members.append("written", .bool(isWritten[index]))
    return .object(members)
  }

  private static func json(_ failure: Failure) -> JSON {
    [
      "index": JSON(failure.index), "status": JSON(Int(failure.error.status.rawValue)),
      "message": JSON(failure.error.description),
    ]
  }
}
