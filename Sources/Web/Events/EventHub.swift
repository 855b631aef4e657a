import Logging
import NIOCore
import Synchronization

/// Reads the database once for everybody who looks at the same, and tells them what has changed.
///
/// It reads while somebody looks, every `interval` and when something was changed through this host; viewers beyond the first of a topic
/// cost the bytes that they are sent.
final class EventHub: Sendable {
  typealias Parts = [(name: String, html: HTML)]
  /// - Parameter round: counts the readings of a topic, from 0, for parts that are renewed less often.
  typealias Reading = @Sendable (_ topic: EventTopic, _ round: Int) throws -> Parts

  private struct Room {
    var viewers: [Int: EventViewer] = [:]
    /// By name, as it was sent last.
    var shown: [String: HTML] = [:]
    /// In the order in which they came first.
    var names: [String] = []
    /// All of it, for those who come: the same bytes until something changes.
    var welcome: ByteBuffer?
    var sequence = 0
    var round = 0
    var quietSince: ContinuousClock.Instant = .now
  }

  private struct State {
    var rooms: [EventTopic: Room] = [:]
    var viewers = 0
    var lastID = 0
    var loop: Task<Void, Never>?
    var pause: Task<Void, Never>?
    var isClosed = false
    /// Something was changed since the last reading began.
    var isWoken = false
  }

  private static let heartbeat: Duration = .seconds(15)

  private let state = Mutex(State())
  private let threads: BlockingThreads
  private let interval: Duration
  private let mostViewers: Int
  private let mostTopics: Int
  private let read: Reading
  private let logger: Logger
  /// Numbers of another start of the host mean nothing.
  private let start: String

  init(
    threads: BlockingThreads, interval: Duration, mostViewers: Int = Limits.viewers, mostTopics: Int = Limits.topics, start: String,
    logger: Logger, read: @escaping Reading
  ) {
    self.threads = threads
    self.interval = interval
    self.mostViewers = mostViewers
    self.mostTopics = mostTopics
    self.start = start
    self.logger = logger
    self.read = read
  }

  var viewers: Int { state.withLock { $0.viewers } }

  /// - Parameter lastSeen: the id of the event that a browser had last, which came before.
  /// - Throws: 503 when there is no place.
  func join(_ topic: EventTopic, lastSeen: String? = nil) throws(Problem) -> EventViewer {
    let joined: (viewer: EventViewer, isFirst: Bool)? = state.withLock { state in
      guard !state.isClosed, state.viewers < mostViewers, state.rooms[topic] != nil || state.rooms.count < mostTopics else { return nil }
      state.lastID += 1
      state.viewers += 1
      let viewer = EventViewer(id: state.lastID, topic: topic) { [weak self] viewer in self?.leave(viewer) }
      _ = viewer.send(EventText.opening)
      var room = state.rooms[topic] ?? Room()
      if !room.names.isEmpty, lastSeen != id(room.sequence) {
        let welcome =
          room.welcome ?? EventText.bytes(room.names.compactMap { name in room.shown[name].map { (name, $0) } }, id: id(room.sequence))
        room.welcome = welcome
        _ = viewer.send(welcome)
      }
      let isFirst = room.viewers.isEmpty
      room.viewers[viewer.id] = viewer
      state.rooms[topic] = room
      if state.loop == nil { state.loop = Task { [weak self] in await self?.run() } }
      return (viewer, isFirst)
    }
    guard let joined else {
      throw Problem(
        .overloaded, "\(mostViewers) pages are open already, or too many different ones",
        hint: "Close some; this page shows what was when it was loaded.")
    }
    if joined.isFirst { wake() }
    return joined.viewer
  }

  private func leave(_ viewer: EventViewer) {
    state.withLock { state in
      guard state.rooms[viewer.topic]?.viewers.removeValue(forKey: viewer.id) != nil else { return }
      state.viewers -= 1
      if state.rooms[viewer.topic]?.viewers.isEmpty == true { state.rooms[viewer.topic] = nil }
    }
  }

  /// Something was changed: reads at once.
  func wake() {
    state.withLock { state in
      // while everything is read there is no pause to end
      state.isWoken = true
      return state.pause
    }?.cancel()
  }

  /// Ends all streams; nobody comes in any more.
  func close() {
    let (viewers, loop) = state.withLock { state in
      state.isClosed = true
      return (state.rooms.values.flatMap(\.viewers.values), state.loop)
    }
    for viewer in viewers { viewer.end() }
    loop?.cancel()
    wake()
  }

  private func run() async {
    while let topics = topicsOrEnd() {
      for topic in topics { await look(at: topic) }
      let pause: Task<Void, Never> = Task { [interval] in
        // cancelled by whoever changes something, or comes first
        _ = try? await Task.sleep(for: interval)
      }
      let isWoken = state.withLock { state in
        state.pause = pause
        return state.isWoken
      }
      if isWoken { pause.cancel() }
      await pause.value
    }
  }

  /// Nil when nobody looks any more; the next to come starts anew.
  private func topicsOrEnd() -> [EventTopic]? {
    state.withLock { state in
      guard !state.rooms.isEmpty, !state.isClosed else {
        state.loop = nil
        return nil
      }
      state.isWoken = false
      return Array(state.rooms.keys)
    }
  }

  private func look(at topic: EventTopic) async {
    let round = state.withLock { $0.rooms[topic]?.round ?? 0 }
    do {
      let parts = try await threads.perform { [read] in try read(topic, round) }
      publish(parts, to: topic)
    } catch {
      logger.debug("Could not read what pages show", metadata: ["topic": "\(topic)", "error": "\(String(reflecting: error))"])
      // what is shown stays, and the page sees that nothing comes
      state.withLock { $0.rooms[topic]?.round += 1 }
    }
  }

  private func publish(_ parts: Parts, to topic: EventTopic) {
    let ended = state.withLock { state -> [EventViewer] in
      guard var room = state.rooms[topic] else { return [] }
      room.round += 1
      let changed = parts.filter { room.shown[$0.name] != $0.html }
      for part in changed {
        if room.shown.updateValue(part.html, forKey: part.name) == nil { room.names.append(part.name) }
      }
      var bytes: ByteBuffer?
      if !changed.isEmpty {
        room.sequence += 1
        room.welcome = nil
        bytes = EventText.bytes(changed, id: id(room.sequence))
      } else if .now - room.quietSince >= Self.heartbeat {
        bytes = EventText.heartbeat
      }
      if bytes != nil { room.quietSince = .now }
      state.rooms[topic] = room
      let now = ContinuousClock.now
      return room.viewers.values.filter { viewer in
        let isTaken = bytes.map(viewer.send) ?? true
        return !isTaken || now - viewer.since > EventViewer.lifetime
      }
    }
    for viewer in ended { viewer.end() }
  }

  private func id(_ sequence: Int) -> String { "\(start)-\(sequence)" }
}
