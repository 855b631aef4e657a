import Synchronization

/// Slows down who tries tokens: each address may send a few wrong ones, then one every few seconds.
///
/// A program that came in from an address with its token goes on coming in from there, whatever others behind the same
/// address try.
final class WrongTokens: Sendable {
  static let atOnce = 10
  static let pause: Duration = .seconds(6)
  private static let mostAddresses = 10_000

  private struct Tries {
    /// Tries that are left, at a time.
    var left: Double
    var at: ContinuousClock.Instant
  }

  private struct Visitor: Hashable {
    var address: String
    var hash: [UInt8]
  }

  private struct State {
    var tries: [String: Tries] = [:]
    var known: Set<Visitor> = []
  }

  private let state = Mutex(State())

  /// Whether a token of this hash may be looked at.
  func mayTry(_ hash: [UInt8], from address: String, now: ContinuousClock.Instant = .now) -> Bool {
    state.withLock { state in
      state.known.contains(Visitor(address: Self.network(of: address), hash: hash))
        || Self.left(state.tries[Self.network(of: address)], now) >= 1
    }
  }

  /// Counts a wrong token; answers how many more are looked at now.
  func count(from address: String, now: ContinuousClock.Instant = .now) -> Int {
    state.withLock { state in
      let network = Self.network(of: address)
      let left = max(0, Self.left(state.tries[network], now) - 1)
      if state.tries.count >= Self.mostAddresses {
        state.tries = state.tries.filter { Self.left($0.value, now) < Double(Self.atOnce) }
        if state.tries.count >= Self.mostAddresses { state.tries.removeAll() }
      }
      state.tries[network] = Tries(left: left, at: now)
      return Int(left)
    }
  }

  /// Notes that a token of this hash came in.
  func welcome(_ hash: [UInt8], from address: String) {
    state.withLock { state in
      if state.known.count >= Self.mostAddresses { state.known.removeAll() }
      state.known.insert(Visitor(address: Self.network(of: address), hash: hash))
    }
  }

  private static func left(_ tries: Tries?, _ now: ContinuousClock.Instant) -> Double {
    guard let tries else { return Double(atOnce) }
    return min(Double(atOnce), tries.left + (now - tries.at) / pause)
  }

  /// Of an IPv6 address its first 64 bits, of which one customer has all.
  static func network(of address: String) -> String {
    guard address.contains(":"), !address.contains(".") else { return address }
    let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
    var groups = halves[0].split(separator: ":").map(String.init)
    if halves.count == 2 {
      let rest = halves[1].split(separator: ":").map(String.init)
      groups += Array(repeating: "0", count: max(0, 8 - groups.count - rest.count)) + rest
    }
    return groups.prefix(4).joined(separator: ":")
  }
}
