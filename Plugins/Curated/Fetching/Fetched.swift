import HandlerKit

/// What lies in the container now, and what is known of it.
struct Fetched {
  var key: String
  var head: ObjectHead
  var etag: String?
  var version: String?
}
