import Testing
import Workflow

@Suite struct `Name pattern` {
  @Test(arguments: [
    ("bronze*", "bronzemapspam", true), ("bronze*", "bronze", true), ("bronze*", "silver", false), ("*", "", true), ("a", "a", true),
    ("a", "ab", false),
    ("*.usgs.gov", "m2m.cr.usgs.gov", true), ("*.usgs.gov", "usgs.gov", false), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXcYb", false),
    ("**", "x", true),
  ])
  func `matches`(pattern: String, name: String, expected: Bool) {
    #expect(NamePattern(pattern)?.matches(name) == expected)
  }

  @Test func `takes no time for many stars`() {
    let pattern = NamePattern(String(repeating: "*a", count: 200))
    #expect(pattern?.matches(String(repeating: "a", count: 5000) + "b") == false)
  }
}
