// row_makers.hpp - threads that read features and make rows of them, given in the order in which they were read.
#pragma once
#include "row_writer.hpp"
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace weir_gdal {

/* Whoever has made its rows reads the next batch, one at a time: features are freed by the thread that made them, which is what malloc
 * is quick at, and the task's own thread is free to send. */
class RowMakers {
public:
    /* `read` gives no features at the end, and is called by one thread at a time. False: no thread could be started. */
    bool start(size_t count, std::function<Batch()> read, const std::function<RowWriter()> &writer);
    ~RowMakers();

    /* Waits for the next rows. False: there are no more. */
    bool next(Rows &rows);

private:
    void work(RowWriter writer);
    bool begin(Batch &batch, size_t &number);

    std::function<Batch()> read;
    size_t most_ahead = 0;              // batches that are begun and not taken yet
    std::vector<std::thread> threads;
    std::mutex reading;                 // taken before `lock`
    std::mutex lock;                    // of what follows
    std::condition_variable changed;
    std::map<size_t, Rows> made;
    size_t begun = 0, taken = 0;
    bool is_at_end = false, is_stopping = false;
};

} // namespace weir_gdal
