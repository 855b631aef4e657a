#include "object.hpp"
#include "blocks.hpp"
#include "session.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <unistd.h>

namespace weir_gdal {

namespace {

// A span of this size goes straight to its place: it would push everything else out of the cache.
constexpr size_t large = 1 << 20;
// What one element of a read may ask for.
constexpr size_t most = 16 << 20;

struct Run {                            // blocks that follow each other, fetched as one range
    uint64_t first, count;
    std::vector<char> data;
};

/* GDAL's archive reader takes an archive for unchanged when size and time are; a new version gets a later time than the last. */
time_t distinct(const std::string &path, const std::string &version, time_t modified) {
    static std::mutex lock;
    static std::unordered_map<std::string, std::pair<std::string, time_t>> told;
    const std::lock_guard guard(lock);
    auto [known, is_new] = told.try_emplace(path, version, modified);
    if (!is_new && known->second.first != version) known->second = {version, std::max(modified, known->second.second + 1)};
    return known->second.second;
}

} // namespace

Object::Object(std::string path, std::string container, std::string key, std::string etag, uint64_t size, time_t modified)
    : path(std::move(path)), size(size), modified(distinct(this->path, etag, modified)), container(std::move(container)),
      key(std::move(key)), etag(std::move(etag)), identity(this->path + '\n' + this->etag) {}

Object::Object(std::string path, int fd, uint64_t size, std::string version, time_t modified)
    : path(std::move(path)), size(size), modified(distinct(this->path, version, modified)), identity(std::move(version)), fd(fd) {}

Object::~Object() {
    if (fd >= 0) close(fd);
}

bool Object::read(Session &session, const Span *spans, size_t count, unsigned ahead) {
    if (!session.goes_on(path)) return false;
    return fd >= 0 ? read_file(session, spans, count) : read_blocks(session, spans, count, ahead);
}

bool Object::read_file(Session &session, const Span *spans, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (size_t done = 0; done < spans[i].size;) {
            const ssize_t got = pread(fd, spans[i].into + done, spans[i].size - done, off_t(spans[i].from + done));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) {
                session.keep_failure(WEIR_RETRY, path + ": " + (got == 0 ? "became shorter while it was read" : strerror(errno)));
                return false;
            }
            done += size_t(got);
        }
    }
    return true;
}

bool Object::read_large(Session &session, const Span &span) {
    std::vector<weir_read> reads;
    for (size_t done = 0; done < span.size; done += most) {
        const size_t part = std::min(most, span.size - done);
        reads.push_back({container.c_str(), key.c_str(), etag.empty() ? nullptr : etag.c_str(), span.from + done, part,
                         span.into + done, {nullptr, 0}, 0, WEIR_FAILED, 0});
    }
    for (weir_read &read : reads)
        if (!session.read(path, &read, 1)) return false;
    return true;
}

bool Object::read_blocks(Session &session, const Span *spans, size_t count, unsigned ahead) {
    constexpr uint64_t unit = Blocks::block_size;
    std::map<uint64_t, Block> blocks;   // what this call needs; NULL: to be fetched
    const uint64_t end = (size + unit - 1) / unit;
    for (size_t i = 0; i < count; i++) {
        if (spans[i].size == 0) continue;
        if (spans[i].size >= large) {
            if (!read_large(session, spans[i])) return false;
            continue;
        }
        for (uint64_t b = spans[i].from / unit; b * unit < spans[i].from + spans[i].size; b++)
            if (!blocks.count(b)) blocks[b] = Blocks::shared().find(identity, b);
    }
    std::vector<Run> runs;
    for (const auto &[number, block] : blocks) {
        if (block) continue;
        if (!runs.empty() && runs.back().first + runs.back().count == number) runs.back().count++;
        else runs.push_back({number, 1, {}});
    }
    if (!runs.empty())
        for (Run &last = runs.back(); ahead > 0 && last.first + last.count < end; ahead--) {
            if (Blocks::shared().find(identity, last.first + last.count)) break;
            last.count++;
        }
    std::vector<weir_read> reads;
    for (Run &run : runs) {
        run.data.resize(size_t(std::min(run.count * unit, size - run.first * unit)));
        reads.push_back({container.c_str(), key.c_str(), etag.empty() ? nullptr : etag.c_str(), run.first * unit, run.data.size(),
                         run.data.data(), {nullptr, 0}, 0, WEIR_FAILED, 0});
    }
    if (!reads.empty() && !session.read(path, reads.data(), reads.size())) return false;
    for (const Run &run : runs)
        for (uint64_t i = 0; i < run.count; i++) {
            const auto from = run.data.begin() + ptrdiff_t(i * unit);
            const auto to = run.data.begin() + ptrdiff_t(std::min<uint64_t>((i + 1) * unit, run.data.size()));
            const Block block = std::make_shared<const std::vector<char>>(from, to);
            Blocks::shared().put(identity, run.first + i, block);
            blocks[run.first + i] = block;
        }
    for (size_t i = 0; i < count; i++) {
        if (spans[i].size >= large) continue;
        for (size_t done = 0; done < spans[i].size;) {
            const uint64_t at = spans[i].from + done;
            const Block &block = blocks[at / unit];
            const size_t part = std::min<size_t>(spans[i].size - done, block->size() - size_t(at % unit));
            memcpy(spans[i].into + done, block->data() + at % unit, part);
            done += part;
        }
    }
    return true;
}

} // namespace weir_gdal
