import Engine

/// Who looks at a page.
struct Visitor: Sendable {
  /// The token's name; nil where nobody needs one.
  var name: String?
  var mayOperate: Bool

  init(_ caller: Caller) {
    name = caller.sessionID == nil ? nil : caller.actor?.name
    mayOperate = caller.access >= .operator
  }
}
