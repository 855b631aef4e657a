/// Comparison of secrets.
enum Secret {
  /// Takes as long for a wrong first letter as for a wrong last one; only the given text's length shows in the time.
  static func isEqual(_ given: String, _ secret: String) -> Bool {
    let (given, secret) = (Array(given.utf8), Array(secret.utf8))
    var difference = given.count ^ secret.count
    for (position, byte) in given.enumerated() {
      difference |= Int(byte ^ (secret.isEmpty ? 0 : secret[position % secret.count]))
    }
    return difference == 0 && !secret.isEmpty
  }
}
