// object.hpp - one object as GDAL sees it: a size, a time, and bytes at any place.
#pragma once
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

namespace weir_gdal {

class Session;

struct Span {
    uint64_t from;
    size_t size;
    char *into;
};

class Object {
public:
    /* By ranges; `etag` is what all of them must be of. */
    Object(std::string path, std::string container, std::string key, std::string etag, uint64_t size, time_t modified);
    /* By a descriptor, which is closed with the object. */
    Object(std::string path, int fd, uint64_t size, std::string version, time_t modified);
    ~Object();
    Object(const Object &) = delete;
    Object &operator=(const Object &) = delete;

    /* Fills every span, which lie within the object; reads up to `ahead` blocks more than that. False: the session knows why. */
    bool read(Session &session, const Span *spans, size_t count, unsigned ahead);

    const std::string path;             // CONTAINER/KEY
    const uint64_t size;
    const time_t modified;              // never the same for two versions of one path in a process

private:
    bool read_file(Session &session, const Span *spans, size_t count);
    bool read_blocks(Session &session, const Span *spans, size_t count, unsigned ahead);
    bool read_large(Session &session, const Span &span);

    const std::string container, key, etag;
    const std::string identity;         // of path and version, for the cache
    const int fd = -1;
};

} // namespace weir_gdal
