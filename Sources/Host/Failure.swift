/// Why a command gives up, as it is printed on stderr; the command ends with status 1.
struct Failure: Error, CustomStringConvertible {
  let message: String
  let hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  var description: String { hint.map { "\(message)\n  \($0)" } ?? message }
}
