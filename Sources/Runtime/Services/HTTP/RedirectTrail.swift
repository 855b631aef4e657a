import Storage
import Synchronization

/// Follows one request over its redirects: every hop is judged as a handler's own URL is, and no secret leaves its origin.
final class RedirectTrail: Sendable {
  private struct State {
    var refusal: ServiceFault?
    var hasLeft = false
  }

  /// What another origin is told of a request.
  private static let harmless: Set<String> = [
    "accept", "accept-language", "content-type", "if-match", "if-none-match", "if-modified-since", "if-range", "range", "user-agent",
  ]
  private static let most = 10

  private let call: HTTPCall
  private let state = Mutex(State())

  init(_ call: HTTPCall) { self.call = call }

  /// Why the last redirect was not followed.
  var refusal: ServiceFault? { state.withLock { $0.refusal } }

  var redirects: HTTPRedirects {
    HTTPRedirects(limit: Self.most) { [self] request, head, target in
      do throws(ServiceFault) {
        return try next(request, head.status, target)
      } catch {
        state.withLock { $0.refusal = ServiceFault(error.status, "\(call.url.subject) redirects, which is not followed: \(error.message)") }
        return nil
      }
    }
  }

  private func next(_ request: HTTPRequest, _ status: Int, _ target: String) throws(ServiceFault) -> HTTPRequest {
    let from = try RequestURL(request.url)
    var to: RequestURL
    do throws(ServiceFault) { to = try RequestURL(target) } catch { throw ServiceFault(ServiceFault.denied, error.message) }
    guard to.isSecure || !from.isSecure else {
      throw ServiceFault(ServiceFault.denied, "from https down to http://\(to.hostText)")
    }
    guard call.allows(to) else { throw HTTPCall.ungranted(to) }
    if to.origin != call.url.origin { state.withLock { $0.hasLeft = true } }
    let hasLeft = state.withLock { $0.hasLeft }
    if let secret = call.secret {
      if hasLeft, secret.isIn(to.text) {
        throw ServiceFault(ServiceFault.denied, "to \(to.hostText), with the credential in the URL")
      }
      if !hasLeft { to = secret.added(to: to) }
    }
    var next = request.redirected(by: status, to: to.text)
    if to.origin != from.origin { next.headers.removeAll { !Self.harmless.contains($0.name.lowercased()) } }
    return next
  }
}
