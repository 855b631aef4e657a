#include "row_makers.hpp"
#include <system_error>

namespace weir_gdal {

bool RowMakers::start(size_t count, std::function<Batch()> source, const std::function<RowWriter()> &writer) {
    read = std::move(source);
    most_ahead = 2 * count;             // before the first thread looks
    try {
        for (size_t i = 0; i < count; i++) threads.emplace_back(&RowMakers::work, this, writer());
    } catch (const std::system_error &) { // fewer will do
    }
    return !threads.empty();
}

RowMakers::~RowMakers() {
    {
        const std::lock_guard guard(lock);
        is_stopping = true;
    }
    changed.notify_all();
    for (std::thread &thread : threads) thread.join();
}

bool RowMakers::next(Rows &rows) {
    std::unique_lock guard(lock);
    changed.wait(guard, [this] { return made.count(taken) > 0 || (is_at_end && taken == begun); });
    const auto found = made.find(taken);
    if (found == made.end()) return false;
    rows = std::move(found->second);
    made.erase(found);
    taken++;
    changed.notify_all();
    return true;
}

/* Reads the next batch when there is room for its rows. False: that was all. */
bool RowMakers::begin(Batch &batch, size_t &number) {
    const std::lock_guard turn(reading);
    std::unique_lock guard(lock);
    changed.wait(guard, [this] { return is_stopping || begun - taken < most_ahead; });
    if (is_stopping || is_at_end) return false;
    guard.unlock();
    batch = read();
    guard.lock();
    is_at_end = batch.features.empty();
    if (is_at_end) changed.notify_all();
    else number = begun++;
    return !is_at_end;
}

void RowMakers::work(RowWriter writer) {
    Batch batch;
    size_t number = 0;
    while (begin(batch, number)) {
        Rows rows = writer.write(batch);
        const std::lock_guard guard(lock);
        made.emplace(number, std::move(rows));
        changed.notify_all();
    }
}

} // namespace weir_gdal
