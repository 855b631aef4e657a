import Testing
import Workflow

@Suite struct `A tile's address` {
  @Test(arguments: [(0, 0, 0), (1, 1, 1), (22, (1 << 22) - 1, 0)]) func `is in the pyramid`(z: Int, x: Int, y: Int) {
    #expect(TileAddress(z: z, x: x, y: y) != nil)
  }

  @Test(arguments: [(0, 1, 0), (1, 0, 2), (23, 0, 0), (-1, 0, 0), (3, -1, 0), (3, 8, 0)]) func `outside of it is none`(
    z: Int, x: Int, y: Int
  ) {
    #expect(TileAddress(z: z, x: x, y: y) == nil)
  }

  @Test func `has an area with a margin that never leaves the world`() throws {
    let world = try #require(TileAddress(z: 0, x: 0, y: 0)).area
    #expect(world.west == -180 && world.east == 180)
    #expect(abs(world.north - 85.0511287798066) < 1e-9 && abs(world.south + 85.0511287798066) < 1e-9)
    let corner = try #require(TileAddress(z: 1, x: 1, y: 0)).area
    #expect(corner.east == 180 && abs(corner.west + 180.0 * 64 / 4096) < 1e-9 && corner.south < 0 && corner.south > -3)
  }
}
