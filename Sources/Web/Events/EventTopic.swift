import Engine

/// What somebody looks at: those who look at the same share one reading of the database.
enum EventTopic: Sendable, Hashable {
  case overview(DashboardFilter)
  case job(Int64)
  case dataset(String)
  case jobs(Views.JobFilter)
  case queue, hosts, datasets, schedules
}
