#include "blocks.hpp"

namespace weir_gdal {

Blocks &Blocks::shared() {
    static Blocks blocks;
    return blocks;
}

void Blocks::resize(size_t most_bytes) {
    const std::lock_guard guard(lock);
    most = most_bytes;
}

Block Blocks::find(const std::string &identity, uint64_t number) {
    const std::lock_guard guard(lock);
    const auto found = known.find(name(identity, number));
    if (found == known.end()) return nullptr;
    order.splice(order.begin(), order, found->second);
    return found->second->block;
}

void Blocks::put(const std::string &identity, uint64_t number, Block block) {
    const std::lock_guard guard(lock);
    std::string key = name(identity, number);
    if (known.count(key)) return;       // another thread was as quick, and blocks of one version are equal
    held += block->size();
    order.push_front({key, std::move(block)});
    known.emplace(std::move(key), order.begin());
    while (held > most && !order.empty()) {
        held -= order.back().block->size();
        known.erase(order.back().name);
        order.pop_back();
    }
}

} // namespace weir_gdal
