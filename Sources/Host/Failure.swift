/// Why a command gives up; `Explanation` prints it, and the command ends with status 1.
struct Failure: Error {
  let message: String
  let hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
