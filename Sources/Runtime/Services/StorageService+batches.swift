import Runners
import Storage
import Synchronization
import Workflow

extension StorageService {
  private static let mostElements = 100_000

  private struct Range {
    var container: String?
    var key: String
    var etag: String?
    var range: ByteRange
  }

  private struct Answer {
    var status: Int32
    var total: UInt64
    var data: [UInt8]
  }

  /// Each range answers for itself; together they carry at most what one frame can.
  func readMany(_ call: StorageCall) throws {
    var reader = call.call.reader
    let count = try reader.count(limit: Self.mostElements)
    var ranges: [Range] = []
    for _ in 0..<count {
      let container = try reader.text()
      let key = try reader.requiredText("key")
      let etag = try reader.text()
      let from = try reader.unsigned()
      let size = try reader.unsigned()
      ranges.append(
        Range(container: container, key: key, etag: etag, range: ByteRange(from: from, size: size == .max ? nil : size)))
    }
    let answers = Mutex<[Answer?]>(Array(repeating: nil, count: count))
    let left = Mutex(Self.mostBytes)
    let all = ranges
    Lanes.forEach(count, lanes: 16) { index in
      let answer = self.read(all[index], call, left)
      answers.withLock { $0[index] = answer }
    }
    var fields = FrameWriter()
    fields.unsigned(UInt64(count))
    for answer in answers.withLock({ $0 }) {
      fields.unsigned(UInt64(answer?.status ?? 200))
      fields.unsigned(answer?.total ?? 0)
      fields.bytes(answer?.data ?? [])
    }
    reply(call, fields, answers.withLock { $0.compactMap { $0 } })
  }

  private func read(_ range: Range, _ call: StorageCall, _ left: borrowing Mutex<Int>) -> Answer {
    do throws(StorageError) {
      let store = try call.store(range.container, .source)
      let room = left.withLock { $0 }
      let (head, bytes) = try store.read(
        try ObjectKey(range.key), range: range.range, etag: range.etag, limit: room, cancel: call.cancel)
      left.withLock { $0 -= bytes.count }
      return Answer(status: 0, total: head.size, data: bytes)
    } catch {
      return Answer(status: error.status.rawValue, total: 0, data: [])
    }
  }

  private func reply(_ call: StorageCall, _ fields: FrameWriter, _ answers: [Answer]) {
    let failed = answers.filter { $0.status != 0 }
    guard !failed.isEmpty else { return call.call.reply(fields: fields) }
    let status: Int32 = failed.contains { $0.status / 100 == 1 } ? 107 : 207
    let reason: JSON = [
      "call": .string(call.call.name), "status": JSON(Int(status)),
      "message": .string("\(failed.count) of \(answers.count) ranges could not be read"),
    ]
    call.call.reply(status: status, lastError: RawJSON(reason), fields: fields)
  }

  func copy(_ call: StorageCall) throws {
    var reader = call.call.reader
    let count = try reader.count(limit: Self.mostElements)
    var raw: [(TransferElement, String?)] = []
    for _ in 0..<count {
      let (from, fromKey, etag) = (try reader.text(), try reader.requiredText("from_key"), try reader.text())
      let (to, toKey, options) = (try reader.text(), try reader.requiredText("to_key"), try reader.text())
      raw.append(
        (TransferElement(fromContainer: from, fromKey: fromKey, fromEtag: etag, toContainer: to, toKey: toKey), options))
    }
    let (shared, wantsHeads, collection) = try WriteOptions.ofCopy(json: try reader.text(), subject: "copy")
    var elements: [TransferElement] = []
    for (element, options) in raw {
      var element = element
      element.options = try WriteOptions(json: options, over: shared, subject: element.toKey)
      elements.append(element)
    }
    let transfer = Transfer { name, side throws(StorageError) in try call.store(name, side) }
    let entries = try collection.map { try begin(elements, for: $0, call) } ?? []
    let report = transfer.copy(elements, cancel: call.cancel)
    try end(entries, report, elements)
    var fields = FrameWriter()
    fields.bytes(json(of: report, elements, call, wantsHeads).serialized().utf8)
    guard !report.failed.isEmpty else { return call.call.reply(fields: fields) }
    let status: Int32 = report.isWorthRetrying ? 107 : 207
    let reason: JSON = [
      "call": .string(call.call.name), "status": JSON(Int(status)),
      "message": .string("\(report.failed.count) of \(elements.count) objects could not be copied"),
    ]
    call.call.reply(status: status, lastError: RawJSON(reason), fields: fields)
  }

  private func json(
    of report: TransferReport, _ elements: [TransferElement], _ call: StorageCall, _ wantsHeads: Bool
  ) -> JSON {
    guard wantsHeads, case .object(var members) = report.json() else { return report.json() }
    let heads = elements.enumerated().map { index, element in
      report.head(at: index) { call.json($0, container: element.toContainer, key: element.toKey) }
    }
    members.append("heads", .array(heads))
    return .object(members)
  }
}
