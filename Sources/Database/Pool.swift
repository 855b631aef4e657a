import Glibc

/// The connections of one `Database`: opened when first needed, lent to one caller at a time, replaced when broken.
final class Pool: @unchecked Sendable {  // `state` is touched only while `gate` is held; a lent connection is its borrower's
  private struct State {
    var idle: [Connection] = []
    var open = 0
    var generation = 0
    var isClosed = false
  }

  private let configuration: DatabaseConfiguration
  private let gate = Gate()
  private var state = State()
  private var generations: [ObjectIdentifier: Int] = [:]

  init(_ configuration: DatabaseConfiguration) {
    self.configuration = configuration
  }

  /// A connection that the caller alone uses until `giveBack`.
  func take(until deadline: ContinuousClock.Instant) throws(DatabaseError) -> Connection {
    while true {
      switch try reserve(until: deadline) {
      case .idle(let connection):
        if connection.isStillAlive() { return connection }
        gate.locked { discard(connection) }
      case .toOpen(let generation):
        return try open(generation)
      }
    }
  }

  /// The session is cleaned of an open transaction; one that is broken, or that must not be used again, is closed.
  func giveBack(_ connection: Connection, reusable: Bool = true) {
    connection.rollbackIfOpen()
    let isStale = gate.locked { generations[ObjectIdentifier(connection)] != state.generation }
    if isStale { connection.forgetStatements() }
    gate.locked {
      if reusable, connection.isIdle, !connection.isBroken, !state.isClosed {
        generations[ObjectIdentifier(connection)] = state.generation
        state.idle.append(connection)
      } else {
        discard(connection)
      }
      gate.wakeOne()
    }
  }

  /// Lets every session prepare its statements anew before its next use.
  func forgetStatements() {
    let idle = gate.locked {
      state.generation += 1
      defer { state.idle = [] }
      return state.idle
    }
    for connection in idle { giveBack(connection) }
  }

  /// Closes the idle connections now and the others when they come back; `take` refuses from now on.
  func close() {
    let idle = gate.locked {
      state.isClosed = true
      gate.wakeAll()
      defer { state.idle = [] }
      return state.idle
    }
    gate.locked { idle.forEach(discard) }
  }

  private enum Reservation {
    case idle(Connection)
    /// A place for a new connection.
    case toOpen(generation: Int)
  }

  private func reserve(until deadline: ContinuousClock.Instant) throws(DatabaseError) -> Reservation {
    gate.lock()
    defer { gate.unlock() }
    while true {
      if state.isClosed { throw DatabaseError(.misuse("the database has been closed.")) }
      if let connection = state.idle.popLast() { return .idle(connection) }
      if state.open < configuration.poolSize {
        state.open += 1
        return .toOpen(generation: state.generation)
      }
      // Woken in the very moment that the deadline passed, it still gets what it was woken for.
      if !gate.wait(until: deadline), state.idle.isEmpty, state.open >= configuration.poolSize {
        throw DatabaseError(.poolExhausted(size: configuration.poolSize, waited: configuration.poolTimeout))
      }
    }
  }

  private func open(_ generation: Int) throws(DatabaseError) -> Connection {
    do {
      let connection = try Connection(configuration)
      gate.locked { generations[ObjectIdentifier(connection)] = generation }
      return connection
    } catch {
      gate.locked {
        state.open -= 1
        gate.wakeOne()
      }
      throw error
    }
  }

  // With the gate held.
  private func discard(_ connection: Connection) {
    generations[ObjectIdentifier(connection)] = nil
    state.open -= 1
    gate.wakeOne()
  }
}
