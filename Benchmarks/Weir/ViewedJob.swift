import Engine
import Foundation
import Logging
import Runners
import ServiceLifecycle
import Web
import Workflow

/// One run of a large job on a host that serves pages, in this process.
struct ViewedJob {
  let url: String
  let tasks: Int
  let viewers: Int

  func measure() throws -> Measurement {
    let samples = SampleTimes()
    let host = try BenchHost(url: url, logger: Logger(label: "bench") { _ in samples }, isDebugging: true)
    defer { host.stop() }
    let web = WebServer(
      WebServer.Parts(
        engine: host.engine, address: ListenAddress(host: "127.0.0.1", port: 0), token: nil, version: BenchPlugin.version,
        logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }, onChange: {}))
    let group = ServiceGroup(services: [web], logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    let serving = Task { try await group.run() }
    defer { serving.cancel() }
    let address = try Self.waiting { try await web.url }
    try host.run(BenchPlugin.fanOut, #"{"count": 500}"#)

    var meter = try CPUMeter(host.database)
    let job = try host.submit(BenchPlugin.fanOut, #"{"count": \#(tasks)}"#)
    let lookers = try viewers > 0 ? Lookers(address, job: job, count: viewers) : nil
    defer { lookers?.end() }
    if let lookers { meter.leaveOut(lookers.pid) }
    let overviews = ViewWatch(host.database) { engine in _ = try engine.metrics.overview() }
    let cards = ViewWatch(host.database) { engine in _ = try engine.metrics.card(job: job) }
    let pages = PageWatch(["\(address)/api/interface/metrics", "\(address)/api/interface/jobs/\(job)"])
    let start = ContinuousClock.now
    let completed = try host.end(of: job, BenchPlugin.fanOut)
    let used = meter.used()
    let largest = pages.end()
    lookers?.end()
    guard lookers.map({ $0.events > 0 }) ?? true else { throw Complaint("nobody was told anything") }
    guard completed == tasks + 2 else { throw Complaint("\(completed) tasks completed, not \(tasks + 2)") }
    guard largest > 0 else { throw Complaint("no page was answered") }
    return Measurement(figures: [
      "cpu_ms": used.total, "seconds": (ContinuousClock.now - start) / .seconds(1), "sample_ms": samples.median,
      "samples": Double(samples.count), "overview_ms": overviews.end().median, "card_ms": cards.end().median,
      "page_bytes": Double(largest), "events": Double(lookers?.events ?? 0), "foreign": used.foreign,
    ])
  }

  private static func waiting<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) throws -> T {
    let done = DispatchSemaphore(value: 0)
    nonisolated(unsafe) var result: Result<T, any Error>?  // written before the signal, read after it
    Task {
      do { result = .success(try await body()) } catch { result = .failure(error) }
      done.signal()
    }
    done.wait()
    guard let result else { throw Complaint("no answer") }
    return try result.get()
  }
}
