#include "session.hpp"
#include "object.hpp"
#include <cerrno>
#include <cstring>
#include <ctime>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir_gdal {

namespace {

using Json = std::unique_ptr<json_t, decltype(&json_decref)>;

std::mutex current_lock;
std::shared_ptr<Session> current_session;

Json parse(const weir_bytes &bytes) {
    return {json_loadb(static_cast<const char *>(bytes.data), bytes.size, 0, nullptr), json_decref};
}

std::string text(const json_t *object, const char *name) {
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

time_t instant(const std::string &rfc3339) {
    struct tm parts = {};
    return strptime(rfc3339.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) ? timegm(&parts) : 0;
}

void split(const std::string &path, std::string &container, std::string &key) {
    const size_t slash = path.find('/');
    container = path.substr(0, slash);
    key = slash == std::string::npos ? "" : path.substr(slash + 1);
    while (!key.empty() && key.back() == '/') key.pop_back();
}

} // namespace

Session::Session(weir_task *given)
    : task(given), storage(static_cast<const weir_storage *>(given->service(given, WEIR_STORAGE))),
      cancel(static_cast<const weir_cancel *>(given->service(given, WEIR_CANCEL))),
      log(static_cast<const weir_log *>(given->service(given, WEIR_LOG))) {}

std::shared_ptr<Session> Session::current() {
    const std::lock_guard guard(current_lock);
    return current_session;
}

void Session::set_current(std::shared_ptr<Session> session) {
    const std::lock_guard guard(current_lock);
    current_session = std::move(session);
}

void Session::end() {
    {
        const std::unique_lock guard(gate);
        task = nullptr;
    }
    const std::lock_guard guard(lock);
    objects.clear();
}

/* Calls the host unless the task is over or cancelled. A failure is kept, but for WEIR_UNSUPPORTED, and WEIR_NOT_FOUND, which
 * is an answer; `absent` says what is not there where it is a failure. */
template <typename Call> weir_status Session::ask(const std::string &what, const char *absent, Call call) {
    if (!goes_on(what)) return WEIR_CANCELLED;
    const std::shared_lock guard(gate);
    if (!task) return WEIR_CANCELLED;
    calls++;
    const weir_status status = call();
    if (status == WEIR_OK || status == WEIR_UNSUPPORTED || (status == WEIR_NOT_FOUND && !absent)) return status;
    keep_failure(status, what + ": " + (status == WEIR_NOT_FOUND ? absent : reason(status)));
    return status;
}

/* Called with the gate held, on the thread whose call failed. */
std::string Session::reason(weir_status status) {
    weir_bytes bytes = {nullptr, 0};
    std::string message;
    if (task->last_error(task, &bytes) == WEIR_OK) {
        message = text(parse(bytes).get(), "message");
        task->release(task, &bytes);
    }
    return message.empty() ? "status " + std::to_string(status) : message;
}

bool Session::goes_on(const std::string &what) {
    const std::shared_lock guard(gate);
    if (!task) {
        errno = EBADF;
        return false;
    }
    if (!cancel || !cancel->requested(task)) return true;
    keep_failure(WEIR_CANCELLED, what + ": the task was cancelled");
    errno = ECANCELED;
    return false;
}

std::shared_ptr<Object> Session::object(const std::string &path) {
    std::string container, key;
    split(path, container, key);
    if (container.empty() || key.empty()) {
        errno = container.empty() ? ENOENT : EISDIR;
        return nullptr;
    }
    const std::string whole = container + '/' + key;
    {
        const std::lock_guard guard(lock);
        const auto known = objects.find(whole);
        if (known != objects.end()) {
            if (!known->second) errno = ENOENT;
            return known->second;
        }
    }
    int error = EIO;
    const auto opened = open(whole, container, key, error);
    if (opened || error == ENOENT) {
        const std::lock_guard guard(lock);
        return objects.emplace(whole, opened).first->second;
    }
    errno = error;
    return nullptr;
}

std::shared_ptr<Object> Session::open(const std::string &path, const std::string &container, const std::string &key, int &error) {
    bool has_files;
    {
        const std::lock_guard guard(lock);
        has_files = lends_files.try_emplace(container, true).first->second;
    }
    if (has_files) {
        error = 0;
        const auto file = open_file(path, container, key, error);
        if (file || error) return file;
        const std::lock_guard guard(lock);
        lends_files[container] = false;
    }
    weir_bytes bytes = {nullptr, 0};
    const weir_status status = ask(path, nullptr, [&] { return storage->stat(task, container.c_str(), key.c_str(), &bytes); });
    error = status == WEIR_NOT_FOUND ? ENOENT : EIO;
    if (status != WEIR_OK) return nullptr;
    const std::shared_lock guard(gate);
    if (!task) return nullptr;
    const Json head = parse(bytes);
    task->release(task, &bytes);
    const json_int_t size = json_integer_value(json_object_get(head.get(), "size"));
    if (!head || size < 0) return nullptr;
    return std::make_shared<Object>(path, container, key, text(head.get(), "etag"), uint64_t(size), instant(text(head.get(), "modified")));
}

/* NULL with an error of 0: this container has no files. */
std::shared_ptr<Object> Session::open_file(const std::string &path, const std::string &container, const std::string &key, int &error) {
    int32_t fd = -1;
    const weir_status status = ask(path, nullptr, [&] { return storage->open_fd(task, container.c_str(), key.c_str(), &fd); });
    error = status == WEIR_UNSUPPORTED ? 0 : status == WEIR_NOT_FOUND ? ENOENT : EIO;
    if (status != WEIR_OK) return nullptr;
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(fd);
        error = ENOENT;
        return nullptr;
    }
    descriptors++;
    const std::string version = std::to_string(about.st_dev) + '-' + std::to_string(about.st_ino) + '-' + std::to_string(about.st_size)
                              + '-' + std::to_string(about.st_mtim.tv_sec) + '.' + std::to_string(about.st_mtim.tv_nsec);
    return std::make_shared<Object>(path, fd, uint64_t(about.st_size), version, about.st_mtim.tv_sec);
}

bool Session::is_folder(const std::string &path) {
    std::string container, key;
    split(path, container, key);
    if (container.empty()) return true;
    const std::string whole = container + '/' + key;
    {
        const std::lock_guard guard(lock);
        const auto known = folders.find(whole);
        if (known != folders.end()) return known->second;
    }
    std::vector<Entry> entries;
    const bool is_there = list(whole, 1, entries) && (key.empty() || !entries.empty());
    const std::lock_guard guard(lock);
    return folders.emplace(whole, is_there).first->second;
}

bool Session::list(const std::string &path, size_t most, std::vector<Entry> &entries) {
    std::string container, key, page;
    split(path, container, key);
    const std::string prefix = key.empty() ? "" : key + '/';
    const size_t limit = most > 0 && most < 1000 ? most : 1000;
    const std::string options = "{\"delimiter\":\"/\",\"limit\":" + std::to_string(limit) + "}";
    do {
        weir_bytes bytes = {nullptr, 0};
        const weir_status status = ask(path, nullptr, [&] {
            return storage->list(task, container.c_str(), prefix.c_str(), options.c_str(), page.empty() ? nullptr : page.c_str(), &bytes);
        });
        if (status != WEIR_OK) return false;
        const std::shared_lock guard(gate);
        if (!task) return false;
        const Json answer = parse(bytes);
        task->release(task, &bytes);
        size_t index;
        json_t *value;
        json_array_foreach(json_object_get(answer.get(), "objects"), index, value) {
            const std::string found = text(value, "key");
            if (found.size() > prefix.size()) entries.push_back({found.substr(prefix.size()), false});
        }
        json_array_foreach(json_object_get(answer.get(), "prefixes"), index, value) {
            std::string found = json_string_value(value) ? json_string_value(value) : "";
            if (!found.empty() && found.back() == '/') found.pop_back();
            if (found.size() > prefix.size()) entries.push_back({found.substr(prefix.size()), true});
        }
        page = text(answer.get(), "next");
    } while (!page.empty() && (most == 0 || entries.size() < most));
    return true;
}

bool Session::read(const std::string &what, weir_read *reads, size_t count) {
    const weir_status status = ask(what, "is not there any more", [&]() -> weir_status {
        const weir_status whole = storage->read_many(task, reads, count);
        if (whole != WEIR_PARTIAL && whole != WEIR_PARTIAL_RETRY) return whole;
        return WEIR_OK;                 // each tells for itself
    });
    if (status != WEIR_OK) return false;
    for (size_t i = 0; i < count; i++) {
        bytes += reads[i].out.size;
        if (reads[i].status == WEIR_OK && reads[i].out.size == reads[i].size) continue;
        const std::string range = std::to_string(reads[i].size) + " bytes from " + std::to_string(reads[i].from);
        if (reads[i].status == WEIR_CONFLICT) keep_failure(WEIR_CONFLICT, what + ": was replaced while it was read");
        else if (reads[i].status == WEIR_NOT_FOUND) keep_failure(WEIR_NOT_FOUND, what + ": was removed while it was read");
        else if (reads[i].status != WEIR_OK)
            keep_failure(reads[i].status, what + ": " + range + " could not be read: status " + std::to_string(reads[i].status));
        else keep_failure(WEIR_CONFLICT, what + ": " + range + " were asked for, " + std::to_string(reads[i].out.size) + " came");
        return false;
    }
    return true;
}

void Session::keep_failure(weir_status status, const std::string &message) {
    const std::lock_guard guard(lock);
    if (failed == WEIR_OK || status == WEIR_CANCELLED) {
        failed = status;
        why = message;
    }
}

bool Session::failure(weir_status &status, std::string &message) {
    const std::lock_guard guard(lock);
    if (failed == WEIR_OK) return false;
    status = failed;
    message = why;
    return true;
}

void Session::warn(int level, const std::string &message) {
    constexpr int enough = 50;
    const std::shared_lock guard(gate);
    if (!task || !log) return;
    {
        const std::lock_guard counted(lock);
        if (++warnings > enough) return;
    }
    log->log(task, level, message.c_str(), nullptr);
}

weir_gdal_traffic Session::traffic() const { return {calls, bytes, descriptors}; }

} // namespace weir_gdal
