import NIOCore
import NIOHTTPTypes

/// Closes a connection whose other side is slower than patience allows: who sends a byte now and then, or reads none,
/// would otherwise hold it for ever.
final class SlowConnections: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let patience: Patience
  private var request: Scheduled<Void>?
  private var answer: Scheduled<Void>?

  init(_ patience: Patience) {
    self.patience = patience
  }

  func handlerAdded(context: ChannelHandlerContext) {
    request = closing(context.channel, after: patience.firstHead)
  }

  func handlerRemoved(context: ChannelHandlerContext) { cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      request?.cancel()
      request = closing(context.channel, after: patience.body)
    case .body: break
    case .end:
      request?.cancel()
      request = nil
    }
    context.fireChannelRead(data)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    answer?.cancel()
    answer = context.channel.isWritable ? nil : closing(context.channel, after: patience.reading)
    context.fireChannelWritabilityChanged()
  }

  private func cancel() {
    request?.cancel()
    answer?.cancel()
    (request, answer) = (nil, nil)
  }

  private func closing(_ channel: any Channel, after time: Duration) -> Scheduled<Void> {
    channel.eventLoop.scheduleTask(in: TimeAmount(time)) { channel.close(promise: nil) }
  }
}

@available(*, unavailable)
extension SlowConnections: Sendable {}
