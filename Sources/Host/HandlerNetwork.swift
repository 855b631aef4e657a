import Runtime
import Workflow

/// What the configuration lets `weir.http/1` do.
enum HandlerNetwork {
  static func configuration(_ configuration: HostConfiguration, partials: String?) -> HTTPServiceConfiguration {
    HTTPServiceConfiguration(
      credentials: configuration.httpCredentials, environment: Environment.current, privateAddresses: configuration.privateAddresses,
      partials: partials)
  }
}
