import CPostgres
import Logging

/// Carries the server's NOTICE and WARNING messages to the log, at debug level.
final class NoticeLog {
  private let logger: Logger

  init(logger: Logger) {
    self.logger = logger
  }

  /// The connection must not outlive this object.
  func attach(to connection: OpaquePointer) {
    PQsetNoticeReceiver(
      connection,
      { context, result in
        guard let context, let result else { return }
        Unmanaged<NoticeLog>.fromOpaque(context).takeUnretainedValue().record(result)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func record(_ result: OpaquePointer) {
    func field(_ code: Character) -> String {
      PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) } ?? ""
    }
    logger.debug(
      "PostgreSQL notice",
      metadata: ["severity": "\(field("V"))", "sqlstate": "\(field("C"))", "text": "\(field("M"))"])
  }
}
