import Testing
import Workflow

@Suite struct `Semantic version` {
  @Test func `orders as the standard says`() {
    let texts = [
      "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.2.0",
      "1.10.0", "2.0.0",
    ]
    let versions = texts.compactMap { SemanticVersion($0) }
    #expect(versions.count == texts.count)
    #expect(versions.shuffled().sorted().map(\.text) == texts)
  }

  @Test(arguments: [
    "", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.x", "v1.0.0", "1.0.0-a..b", " 1.0.0", "1.0.0-é",
  ])
  func `refuses`(text: String) {
    #expect(SemanticVersion(text) == nil)
  }

  @Test func `takes build data`() {
    #expect(SemanticVersion("1.0.0-beta.1+linux.01") != nil)
  }
}
