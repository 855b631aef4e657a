public import Workflow

extension TransferReport {
  /// `{"done","skipped","bytes","failed":[{"index","status","message"}]}`, and "heads" by index if wanted.
  public func json(withHeads: Bool = false) -> JSON {
    var members: [(key: String, value: JSON)] = [
      (key: "done", value: JSON(done)), (key: "skipped", value: JSON(skipped)), (key: "bytes", value: JSON(Int(bytes))),
      (key: "failed", value: .array(failed.map(Self.json))),
    ]
    if withHeads { members.append((key: "heads", value: .array(heads.map { $0?.json ?? .null }))) }
    return .object(JSONObject(members))
  }

  private static func json(_ failure: Failure) -> JSON {
    [
      "index": JSON(failure.index), "status": JSON(Int(failure.error.status.rawValue)),
      "message": JSON(failure.error.description),
    ]
  }
}
