// copy_row.hpp - one row of PostgreSQL's binary COPY, and the hash of what stands in it.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace weir_gdal {

/* PostgreSQL 15 manual, COPY, Binary Format: lengths and numbers have the most significant byte first. */
class CopyRow {
public:
    void begin(uint16_t fields) {
        bytes.clear();
        hash = 0xcbf29ce484222325u;
        number(fields);
    }
    void null() { number<int32_t>(-1); mix(nullptr, 0); }
    template <typename Integer> void integer(Integer value) {
        number<int32_t>(sizeof value);
        const size_t at = bytes.size();
        number(value);
        mix(bytes.data() + at, sizeof value);
    }
    void real(double value) {
        if (value == 0) value = 0;      // -0.0 is no other value
        uint64_t bits;
        memcpy(&bits, &value, sizeof bits);
        integer(bits);
    }
    void raw(const void *data, size_t size) {
        number(int32_t(size));
        bytes.insert(bytes.end(), static_cast<const char *>(data), static_cast<const char *>(data) + size);
        mix(data, size);
    }
    /* Without being part of it. */
    void close_with_hash() {
        number<int32_t>(8);
        number(hash);
    }
    const std::vector<char> &data() const { return bytes; }

private:
    template <typename Integer> void number(Integer value) {
        for (int shift = int(sizeof value) * 8 - 8; shift >= 0; shift -= 8) bytes.push_back(char(uint64_t(value) >> shift));
    }
    /* Eight bytes at a time: a multiply each, and the bits that it lost folded back. */
    void mix(const void *data, size_t size) {
        const auto *from = static_cast<const unsigned char *>(data);
        uint64_t word = size + 1;
        for (;;) {
            hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
            hash ^= hash >> 29;
            if (size == 0) return;
            const size_t part = size < 8 ? size : 8;
            word = 0;
            memcpy(&word, from, part);
            from += part;
            size -= part;
        }
    }

    std::vector<char> bytes;
    uint64_t hash = 0;
};

} // namespace weir_gdal
