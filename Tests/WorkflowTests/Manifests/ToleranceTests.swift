import Testing
import Workflow

@Suite struct `Tolerance` {
  @Test func `bears so many and no more`() {
    #expect(Workflow.Tolerance.none.bears(0, of: 10))
    #expect(!Workflow.Tolerance.none.bears(1, of: 10))
    #expect(Workflow.Tolerance.count(2).bears(2, of: 2))
    #expect(Workflow.Tolerance("10%")?.bears(6, of: 60) == true)
    #expect(Workflow.Tolerance("10%")?.bears(7, of: 60) == false)
    #expect(Workflow.Tolerance("0.1%")?.bears(1, of: 1000) == true)
    #expect(Workflow.Tolerance("0.1%")?.bears(1, of: 999) == false)
    #expect(Workflow.Tolerance("100%")?.bears(0, of: 0) == true)
  }

  @Test(arguments: ["", "%", "-1", "1.5", "101%", "1e1%", ".5%", " 5", "5 %", "5%%", "nan%", "99999999999999999999"])
  func `refuses other texts`(text: String) {
    #expect(Workflow.Tolerance(text) == nil)
  }

  @Test func `is written as it is read`() {
    #expect(Workflow.Tolerance("5")?.json == 5)
    #expect(Workflow.Tolerance("2.5%")?.json == "2.5%")
    #expect(Workflow.Tolerance("10%")?.json == "10%")
  }
}
