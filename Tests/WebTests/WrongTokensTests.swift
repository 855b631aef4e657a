import Testing

@testable import Web

@Suite struct `Who tries tokens` {
  private let start = ContinuousClock.now

  @Test func `has a few tries, then one every few seconds`() {
    let tokens = WrongTokens()
    for left in (0..<WrongTokens.atOnce).reversed() {
      #expect(tokens.mayTry([1], from: "192.0.2.1", now: start))
      #expect(tokens.count(from: "192.0.2.1", now: start) == left)
    }
    #expect(!tokens.mayTry([1], from: "192.0.2.1", now: start))
    #expect(tokens.mayTry([1], from: "192.0.2.2", now: start))
    #expect(!tokens.mayTry([1], from: "192.0.2.1", now: start + WrongTokens.pause * 0.9))
    #expect(tokens.mayTry([1], from: "192.0.2.1", now: start + WrongTokens.pause * 1.1))
  }

  @Test func `does not shut out who came in from the same address`() {
    let tokens = WrongTokens()
    tokens.welcome([7], from: "192.0.2.1")
    for _ in 0..<WrongTokens.atOnce { _ = tokens.count(from: "192.0.2.1", now: start) }
    #expect(tokens.mayTry([7], from: "192.0.2.1", now: start))
    #expect(!tokens.mayTry([8], from: "192.0.2.1", now: start))
    #expect(!tokens.mayTry([7], from: "2001:db8::1", now: start) == false)
  }

  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"), ("2001:db8::7", "2001:db8:0:0"), ("::1", "0:0:0:0"),
    ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
  ]) func `is known by the network that one customer has`(address: String, network: String) {
    #expect(WrongTokens.network(of: address) == network)
  }
}
