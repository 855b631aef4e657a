import Glibc

/// One installed PostgreSQL.
struct PostgresPrograms: Sendable, Hashable {
  let folder: String
  let major: Int

  var initdb: String { "\(folder)/initdb" }
  var postgres: String { "\(folder)/postgres" }

  /// The installation to use: for existing data the one of its version, else the first of PATH, else Debian's newest.
  /// - Parameter version: what `PG_VERSION` of existing data says.
  static func find(in given: String?, for version: String?, folder: String) throws(ClusterError) -> PostgresPrograms {
    let places = searched(given)
    let found = places.compactMap(at)
    guard let first = found.first else { throw ClusterError(.postgresMissing(searched: places), folder: folder) }
    guard let version else { return first }
    guard let fitting = found.first(where: { String($0.major) == version }) else {
      let installed = Set(found.map(\.major)).sorted().map(String.init)
      throw ClusterError(.wrongVersion(data: version, installed: installed), folder: folder)
    }
    return fitting
  }

  private static func searched(_ given: String?) -> [String] {
    if let given { return [given] }
    let debian = "/usr/lib/postgresql"
    let versions = Files.names(in: debian).compactMap { Int($0) }.sorted(by: >)
    return Program.searchPath.split(separator: ":").map(String.init) + versions.map { "\(debian)/\($0)/bin" }
  }

  private static func at(_ folder: String) -> PostgresPrograms? {
    guard access("\(folder)/initdb", X_OK) == 0, access("\(folder)/postgres", X_OK) == 0,
      // what cannot be run is no PostgreSQL
      let ending = try? Program.run(["\(folder)/postgres", "--version"]), ending.isSuccess,
      // "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"
      let number = ending.output.split(separator: " ").first(where: { $0.first?.isNumber == true }),
      let major = Int(number.prefix { $0.isNumber }), major >= 15
    else { return nil }
    // A link into a folder of PATH says where the others are.
    let real = Files.resolved("\(folder)/postgres").flatMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } }
    return PostgresPrograms(folder: real ?? folder, major: major)
  }
}
