extension HostConfiguration {
  /// Words that may stand in no log and no message: the token, and what the database's URL says of a password.
  public var secrets: [String] {
    var secrets = [token].compactMap { $0 }
    guard let url = databaseURL else { return secrets }
    if let scheme = url.firstRange(of: "://") {
      let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
      if let at = authority.lastIndex(of: "@") {
        let userinfo = authority[..<at]
        if let colon = userinfo.firstIndex(of: ":") { secrets.append(String(userinfo[userinfo.index(after: colon)...])) }
      }
    }
    if let password = url.firstRange(of: "password=") {
      secrets.append(String(url[password.upperBound...].drop { $0 == "'" }.prefix { !" &'".contains($0) }))
    }
    return secrets.filter { !$0.isEmpty }
  }
}
