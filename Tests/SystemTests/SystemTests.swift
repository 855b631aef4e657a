import Testing

/// The promises of the whole program, kept by the real `weir` on a real PostgreSQL. One at a time: each starts hosts and
/// runners of its own, and what is measured must not be disturbed by the next.
@Suite(.serialized) struct `The system` {}
