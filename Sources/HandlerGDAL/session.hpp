// session.hpp - the task that GDAL works for: one at a time in a process (handler.h, R4).
#pragma once
#include "weir/gdal.h"
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir_gdal {

class Object;

/* What a listing says of one name in a folder. */
struct Entry {
    std::string name;
    bool is_folder;
};

/* GDAL's own threads call in, too, and may do so when the task is over: each call takes the gate, and end() waits for them. */
class Session {
public:
    explicit Session(weir_task *task);

    static std::shared_ptr<Session> current();
    static void set_current(std::shared_ptr<Session> session);

    bool can_read() const { return storage != nullptr; }
    void end();

    /* The object of a path CONTAINER/KEY; NULL with errno where there is none. Each is asked for once a task. */
    std::shared_ptr<Object> object(const std::string &path);
    bool is_folder(const std::string &path);
    /* Names right below a folder, at most `most` if that is not 0. False where there is no such container. */
    bool list(const std::string &path, size_t most, std::vector<Entry> &entries);
    /* Ranges of one object, as weir_storage.read_many. */
    bool read(const std::string &what, weir_read *reads, size_t count);
    /* False once the task is cancelled or over. */
    bool goes_on(const std::string &what);

    void warn(int level, const std::string &message);
    void keep_failure(weir_status status, const std::string &message);
    bool failure(weir_status &status, std::string &message);
    weir_gdal_traffic traffic() const;

private:
    template <typename Call> weir_status ask(const std::string &what, const char *absent, Call call);
    std::shared_ptr<Object> open(const std::string &path, const std::string &container, const std::string &key, int &error);
    std::shared_ptr<Object> open_file(const std::string &path, const std::string &container, const std::string &key, int &error);
    std::string reason(weir_status status);

    std::shared_mutex gate;
    weir_task *task;                    // NULL once it is over
    const weir_storage *storage;
    const weir_cancel *cancel;          // NULL unless granted
    const weir_log *log;                // the same

    std::mutex lock;                    // of what follows
    std::unordered_map<std::string, std::shared_ptr<Object>> objects;   // by path; NULL: there is none
    std::unordered_map<std::string, bool> folders;
    std::unordered_map<std::string, bool> lends_files;                  // by container
    weir_status failed = WEIR_OK;
    std::string why;
    int warnings = 0;
    std::atomic<uint64_t> calls{0}, bytes{0}, descriptors{0};
};

} // namespace weir_gdal
