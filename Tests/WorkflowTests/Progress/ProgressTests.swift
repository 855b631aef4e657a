import Testing
import Workflow

@Suite struct `Rates and forecasts do not lie` {
  enum Shape: String, CaseIterable {
    case steady, slowing, bursty, stalled, retrying

    func replay(_ chance: inout Chance) -> Replay {
      switch self {
      case .steady: .steady(&chance)
      case .slowing: .slowing(&chance)
      case .bursty: .bursty(&chance)
      case .stalled: .stalled(&chance)
      case .retrying: .retrying(&chance)
      }
    }
  }

  @Test(arguments: Shape.allCases) func `the band contains the truth four times in five after a tenth of the work`(_ shape: Shape) {
    var (within, predictions) = (0, 0)
    for seed in 1...40 {
      var chance = Chance(seed: seed)
      let calibration = shape.replay(&chance).calibration
      within += calibration.within
      predictions += calibration.predictions
    }
    #expect(predictions > 1000)
    #expect(Double(within) / Double(predictions) >= 0.8, "\(shape): \(within) of \(predictions)")
  }

  @Test func `the band of a steady stage is narrow`() throws {
    let history = WorkHistory((1...60).map { WorkSample(at: .seconds(5 * $0), done: Double(20 * $0)) })
    let forecast = try #require(Forecast(history, total: 2400))
    #expect(forecast.soonest > .seconds(250))
    #expect(forecast.latest < .seconds(380))
  }

  @Test func `nothing is told before three units are done`() {
    let history = WorkHistory([WorkSample(at: .seconds(100), done: 2)])
    #expect(Forecast(history, total: 100) == nil)
  }

  @Test func `one completion after a second is not sixty a minute for ever`() throws {
    var history = WorkHistory([WorkSample(at: .seconds(1), done: 1)])
    history.add(WorkSample(at: .seconds(600), done: 1))
    let rate = try #require(Rate(history))
    #expect(rate.perSecond < 0.01)
  }

  @Test func `a slow stage keeps its rate between two completions`() throws {
    var history = WorkHistory((1...10).map { WorkSample(at: .seconds(90 * $0), done: Double($0)) })
    history.add(WorkSample(at: .seconds(900 + 70), done: 10))
    let rate = try #require(Rate(history))
    #expect(rate.perSecond > 0.006 && rate.perSecond < 0.012, "\(rate.perSecond)")
  }

  @Test func `a million samples are kept in bounded memory`() {
    var history = WorkHistory()
    for place in 1...100_000 { history.add(WorkSample(at: .seconds(place), done: Double(place))) }
    #expect(history.samples.count <= 256)
    #expect(history.last.done == 100_000)
    #expect(Rate(history).map { abs($0.perSecond - 1) < 0.001 } == true)
  }

  @Test func `work that is taken back leaves no negative rate`() throws {
    var history = WorkHistory((1...10).map { WorkSample(at: .seconds(10 * $0), done: Double(10 * $0)) })
    history.add(WorkSample(at: .seconds(110), done: 50))
    history.add(WorkSample(at: .seconds(120), done: 60))
    #expect(history.samples.map(\.done) == history.samples.map(\.done).sorted())
    #expect(try #require(Rate(history)).perSecond > 0)
  }

  @Test func `a job's progress never runs back when a stage begins`() {
    func fraction(_ first: Double, _ second: (total: Double, done: Double), isOver: Bool) -> Double {
      JobProgress([
        .init(total: 10, done: first, isOver: isOver), .init(total: second.total, done: second.done, isOver: false),
      ]).fraction
    }
    let fractions = [
      fraction(0, (0, 0), isOver: false), fraction(9, (0, 0), isOver: false), fraction(10, (0, 0), isOver: true),
      fraction(10, (1_000_000, 0), isOver: true), fraction(10, (1_000_000, 5), isOver: true),
    ]
    #expect(fractions == fractions.sorted())
    #expect(fractions[2] == 0.5)
  }

  @Test func `a job is whole only when every stage is over`() {
    let stages: [JobProgress.Stage] = [
      .init(weight: 1, total: 1, done: 1, isOver: true), .init(weight: 0, total: 0, done: 0, isOver: false),
    ]
    #expect(JobProgress(stages).fraction < 1)
    #expect(JobProgress(stages.map { .init(weight: $0.weight, total: 0, done: 0, isOver: true) }).fraction == 1)
    #expect(JobProgress([]).fraction == 1)
  }

  @Test func `calibration says on which side the truth lay`() {
    let forecast = Forecast(soonest: .seconds(10), latest: .seconds(20))
    let calibration = Calibration(
      [0, 20, 35, 40].map { Calibration.Prediction(madeAt: .seconds($0), forecast: forecast) }, end: .seconds(40))
    #expect(calibration.predictions == 3)
    #expect(calibration.within == 1)
    #expect(calibration.tooEarly == 1)
    #expect(calibration.tooLate == 1)
  }
}
