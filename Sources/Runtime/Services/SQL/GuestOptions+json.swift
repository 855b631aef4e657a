import Database

extension GuestOptions {
  /// Reads `{"isolation","read_only","lock_timeout_ms","autocommit"}`.
  init(json text: String?) throws(ServiceFault) {
    var reader = try CallOptions(text, "options")
    var isolation = Isolation.serverDefault
    if let name = try reader.string("isolation") {
      switch name {
      case "read committed": isolation = .readCommitted
      case "repeatable read": isolation = .repeatableRead
      case "serializable": isolation = .serializable
      default:
        throw ServiceFault(
          ServiceFault.invalid,
          "options: isolation is \"\(name)\", it can be \"read committed\", \"repeatable read\", \"serializable\"")
      }
    }
    let isReadOnly = try reader.bool("read_only") ?? false
    let lockTimeout = try reader.count("lock_timeout_ms")
    let commitsEach = try reader.bool("autocommit") ?? false
    try reader.finish(known: "isolation, read_only, lock_timeout_ms, autocommit")
    if commitsEach, isolation != .serverDefault || isReadOnly {
      throw ServiceFault(
        ServiceFault.invalid, "options: with autocommit there is no transaction that isolation or read_only could be of")
    }
    if let lockTimeout, lockTimeout > Int(Int32.max) {
      throw ServiceFault(ServiceFault.invalid, "options: lock_timeout_ms is \(lockTimeout), at most \(Int32.max) is possible")
    }
    self.init(
      isolation: isolation, access: isReadOnly ? .readOnly : .readWrite, lockTimeout: lockTimeout.map { .milliseconds($0) },
      commitsEach: commitsEach)
  }
}
