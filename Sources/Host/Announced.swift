import ServiceLifecycle

/// A service that says when it begins; a group listens to signals before it runs its services.
struct Announced: Service {
  let service: any Service
  let announce: @Sendable () -> Void

  func run() async throws {
    announce()
    try await service.run()
  }
}
