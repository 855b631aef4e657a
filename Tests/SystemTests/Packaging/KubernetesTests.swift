import TestSupport
import Testing

extension `The system` {
  @Suite struct `The Kubernetes manifests` {
    private func check(_ files: [String]) async throws -> Output {
      try await RunningProgram(
        ["\(Place.root)/Tests/SystemTests/Packaging/kubernetes_check.py"] + files, program: "\(Place.root)/.venv/bin/python"
      ).end()
    }

    private static let files = ["weir.yaml", "keda.yaml"].map { "\(Place.root)/Packaging/kubernetes/\($0)" }

    @Test func `fit the schemas, lead somewhere, and ask a question that the database answers`() async throws {
      let output = try await check(Self.files)
      #expect(output.status == 0, "\(output)")
      let place = try Place()
      let query = output.out.split(separator: "\n").joined(separator: " ")
      let answer = try await RunningProgram(
        ["-qAt", "-c", query, place.own.url], program: "/usr/bin/psql"
      ).end()
      #expect(answer.status == 0 && answer.out == "0\n", "\(query): \(answer)")
      let host = try await place.serve()
      let probes = Set(output.err.split(separator: "\n").map { $0.split(separator: " ").last.map(String.init) ?? "" })
      for path in probes { #expect(try await host.get(path).status == 200, "\(path)") }
      #expect(!probes.isEmpty)
    }

    @Test func `would not pass with a mistake`() async throws {
      let folder = TemporaryFolder()
      let text = RunningProgram.text(Self.files[0])
      let mistakes = [
        ("replicas: 2", "replicas: two"), ("image: weir", "imago: weir"), ("configMap: { name: weir }", "configMap: { name: wier }"),
      ]
      for (good, bad) in mistakes {
        TemporaryFolder.write(text.replacing(good, with: bad), to: "\(folder.path)/weir.yaml")
        let output = try await check(["\(folder.path)/weir.yaml", Self.files[1]])
        #expect(output.status == 1, "\(bad): \(output)")
      }
    }
  }
}
