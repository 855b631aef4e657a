import Engine

/// Who asks.
struct Caller: Sendable {
  /// Who it is for the audit; nil for somebody who did not say.
  var actor: Actor?
  /// Of a page.
  var sessionID: Int64?

  static let unknown = Caller(actor: nil)

  /// Any program of this machine, where no token is needed.
  static func local(via: Actor.Via) -> Caller { Caller(actor: Actor(name: "local", role: .admin, via: via)) }

  var access: Access { actor.map { Access($0.role) } ?? .open }

  init(actor: Actor?) {
    self.actor = actor
  }

  init(_ identity: Identity, via: Actor.Via) {
    actor = Actor(name: identity.name, role: identity.role, via: via)
    sessionID = identity.sessionID
  }
}
