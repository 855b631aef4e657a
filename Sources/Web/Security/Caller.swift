import Engine

/// Who asks.
struct Caller: Sendable {
  /// Who it is for the audit; nil for somebody who did not say.
  var actor: Actor?

  var access: Access { actor.map { Access($0.role) } ?? .open }

  /// Any program of this machine, where no token is needed.
  static func local(via: Actor.Via) -> Caller { Caller(actor: Actor(name: "local", role: .admin, via: via)) }

  /// Whoever sends the token of the configuration.
  static func configured(via: Actor.Via) -> Caller { Caller(actor: Actor(name: "configured", role: .admin, via: via)) }
}
