import Database

/// A database for handlers and the places on it.
struct SQLDatabase: Sendable {
  let guest: GuestDatabase
  let places: SessionPlaces

  init(_ configuration: GuestConfiguration) {
    guest = GuestDatabase(configuration)
    places = SessionPlaces(configuration.connections)
  }
}
