/// Why a command gives up; `Explanation` prints it, and the command ends with status 1.
struct Failure: Error {
  let message: String
  let hint: String?
  /// Nobody answered: another try may do better.
  let mayPass: Bool

  init(_ message: String, hint: String? = nil, mayPass: Bool = false) {
    self.message = message
    self.hint = hint
    self.mayPass = mayPass
  }
}
