import Testing
import Workflow

@testable import Engine

@Suite struct `What is told of whole jobs` {
  /// A workflow, by what its stages are like.
  struct Plan: Sendable, CustomTestStringConvertible {
    var name: String
    /// Nil: a single task.
    var stages: [(shape: StageCourse.Shape?, tasks: Int, needs: [Int])]

    var testDescription: String { name }

    static let all: [Plan] =
      StageCourse.Shape.allCases.map { Plan(name: "\($0) alone", stages: [($0, 1500, [])]) }
      + StageCourse.Shape.allCases.map { Plan(name: "\($0) between others", stages: [(nil, 1, []), ($0, 1200, [0]), (.steady, 400, [1])]) }
      + [
        Plan(name: "two ways at once", stages: [(nil, 1, []), (.steady, 900, [0]), (.bursty, 700, [0]), (nil, 1, [1, 2])]),
        Plan(name: "a long chain", stages: [(.steady, 300, []), (.slowing, 500, [0]), (.retrying, 500, [1]), (.steady, 200, [2])]),
      ]

    /// One run of it, on a day that is better or worse than others.
    func run(_ chance: inout Dice, past: PastJobs = PastJobs()) throws -> JobCourse {
      let (day, size) = (chance.factor(), chance.factor())
      return try JobCourse(
        stages.enumerated().map { place, stage in
          let course =
            if let shape = stage.shape {
              StageCourse(shape, tasks: Int(Double(stage.tasks) * size), pace: 12 * day, &chance)
            } else {
              StageCourse(task: max(2, Int(Double(chance.number(in: 4...8)) / day)))
            }
          return JobCourse.Stage(name: "s\(place)", needs: stage.needs, course: course)
        }, past: past)
    }
  }

  @Test(arguments: Plan.all) func `the band contains the end four times in five after a tenth of the work`(_ plan: Plan) throws {
    var (within, predictions) = (0, 0)
    for seed in 1...12 {
      var chance = Dice(seed: seed)
      let past = PastJobs(jobs: try (0..<4).map { _ in try plan.run(&chance).durations })
      let course = try plan.run(&chance, past: past)
      let told = stride(from: 1, to: course.end, by: 3).filter { course.share(at: $0) >= 0.1 }.compactMap { moment in
        guard case .band(let low, let high) = course.card(at: moment).eta else { return Calibration.Prediction?.none }
        return .init(madeAt: .seconds(Double(moment) * JobCourse.step), forecast: Forecast(soonest: low, latest: high))
      }
      let calibration = Calibration(told, end: .seconds(Double(course.end) * JobCourse.step))
      within += calibration.within
      predictions += calibration.predictions
    }
    #expect(predictions > 200)
    #expect(Double(within) / Double(predictions) >= 0.8, "\(plan.name): \(within) of \(predictions)")
  }

  @Test(arguments: Plan.all) func `the bar never runs back, whatever begins, and is full at the end`(_ plan: Plan) throws {
    for (seed, knowsPast) in [(1, false), (2, true), (3, true)] {
      var chance = Dice(seed: seed)
      let past = PastJobs(jobs: knowsPast ? try (0..<3).map { _ in try plan.run(&chance).durations } : [])
      let course = try plan.run(&chance, past: past)
      let moments = Set(stride(from: 0, to: course.end, by: 2)).union(course.stages.flatMap { [$0.start, $0.start + 1, $0.end] }).sorted()
      let bars = moments.filter { $0 < course.end }.map { course.card(at: $0).progress }
      #expect(bars == bars.sorted() && bars.first == 0 && bars.allSatisfy { $0 < 1 }, "\(plan.name) \(seed): \(bars)")
      #expect(course.card(at: course.end).progress == 1 && course.card(at: course.end).eta == .over)
    }
  }

  @Test func `a band is told of nearly all of the way, once there were earlier jobs`() throws {
    var chance = Dice(seed: 7)
    let plan = Plan.all[5]
    let past = PastJobs(jobs: try (0..<4).map { _ in try plan.run(&chance).durations })
    let course = try plan.run(&chance, past: past)
    let told = (1..<course.end).filter { if case .band = course.card(at: $0).eta { true } else { false } }
    #expect(Double(told.count) >= 0.9 * Double(course.end - 1), "\(told.count) of \(course.end)")
    let first = try plan.run(&chance)
    #expect(first.card(at: first.stages[1].start + 20).eta == .unknown, "nothing is known of the stages to come")
  }
}
