import Testing
import Workflow

@Suite struct `When a job will have ended` {
  private let minute: Duration = .seconds(60)

  @Test func `is the longest way through its stages, not their sum`() throws {
    let stages: [JobForecast.Stage] = [
      .init(isOver: true, elapsed: minute), .init(needs: [0], elapsed: .zero, forecast: Forecast(soonest: minute, latest: minute * 2)),
      .init(needs: [0], elapsed: .zero, forecast: Forecast(soonest: minute * 5, latest: minute * 6)), .init(needs: [1, 2]),
    ]
    let band = try #require(JobForecast(stages, past: [[minute, minute, minute * 5, minute]])).band
    #expect(band.soonest == minute * 5 + minute * 0.7)
    #expect(band.latest == minute * 6 + minute * 1.5 + .seconds(1))
  }

  @Test func `is unknown while a stage to come is`() {
    let stages: [JobForecast.Stage] = [.init(elapsed: .zero, forecast: Forecast(soonest: minute, latest: minute)), .init(needs: [0])]
    #expect(JobForecast(stages, past: []) == nil)
    #expect(JobForecast(stages, past: [[minute, nil]]) == nil)
  }

  @Test func `counts a job that is slower than those before it`() throws {
    let stages: [JobForecast.Stage] = [.init(isOver: true, elapsed: minute * 4), .init(needs: [0])]
    let band = try #require(JobForecast(stages, past: [[minute, minute]])).band
    #expect(band.soonest == minute * 0.7)
    #expect(band.latest == minute * 4 * 1.5 + .seconds(1))
  }

  @Test func `is unknown when a stage takes longer than ever before`() {
    #expect(JobForecast([.init(elapsed: minute * 10)], past: [[minute]]) == nil)
  }

  @Test func `no cycle keeps it from an answer`() {
    #expect(JobForecast([.init(needs: [1]), .init(needs: [0])], past: [[minute, minute]]) == nil)
  }

  @Test(arguments: [
    (12.0, 30.0, "12–30 s"), (700, 1080, "11–18 min"), (0, 60, "under 60 s"), (7200, 14_000, "2–4 h"), (0, 1_000_000, "under 12 d"),
  ])
  func `a band is read in the unit of its later end`(low: Double, high: Double, text: String) {
    #expect(ETA.band(low: .seconds(low), high: .seconds(high)).text == text)
  }

  @Test func `a single task that says how far it is has a band`() {
    let work = StageWork(tasks: 1, ended: 0, inHand: 0.5)
    let history = (1...10).map { WorkSample(at: .seconds(10 * $0), done: 0.05 * Double($0)) }
    let forecast = work.forecast(history, tail: TailOfWork())
    #expect(forecast.map { $0.soonest < .seconds(100) && $0.latest > .seconds(100) } == true)
    #expect(StageWork(tasks: 1, ended: 0, inHand: 0).forecast([WorkSample(at: .seconds(9), done: 0)], tail: TailOfWork()) == nil)
  }
}
