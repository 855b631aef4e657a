// blocks.hpp - blocks of objects, kept over tasks by path and version, the least lately used dropped first.
#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir_gdal {

using Block = std::shared_ptr<const std::vector<char>>;

class Blocks {
public:
    static constexpr size_t block_size = 64 << 10;
    static Blocks &shared();

    void resize(size_t most_bytes);
    Block find(const std::string &identity, uint64_t number);
    void put(const std::string &identity, uint64_t number, Block block);

private:
    struct Kept {
        std::string name;
        Block block;
    };
    static std::string name(const std::string &identity, uint64_t number) { return identity + '\n' + std::to_string(number); }

    std::mutex lock;
    std::list<Kept> order;              // the last used first
    std::unordered_map<std::string, std::list<Kept>::iterator> known;
    size_t most = 32 << 20, held = 0;
};

} // namespace weir_gdal
