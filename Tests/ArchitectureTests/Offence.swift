import Testing

/// One place that breaks a law of the house, and how to mend it.
struct Offence: CustomStringConvertible {
  let path: String
  let line: Int?
  let what: String
  let mend: String

  init(_ file: SourceFile, at line: Int? = nil, _ what: String, mend: String) {
    self.init(path: file.path, at: line, what, mend: mend)
  }

  init(path: String, at line: Int? = nil, _ what: String, mend: String) {
    self.path = path
    self.line = line
    self.what = what
    self.mend = mend
  }

  var description: String {
    let place = line.map { "\(path):\($0)" } ?? path
    return "\(place): \(what). \(mend)."
  }

  /// Fails the test once for each of `offences`.
  static func report(_ offences: [Offence]) {
    for offence in offences { Issue.record("\(offence)") }
  }
}
