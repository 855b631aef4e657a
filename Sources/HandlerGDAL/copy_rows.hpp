// copy_rows.hpp - rows of PostgreSQL's binary COPY, one behind the other, and a hash of what stands in each.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

namespace weir_gdal {

/* PostgreSQL 15 manual, COPY, Binary Format: lengths and numbers have the most significant byte first. */
class CopyRows {
public:
    void begin(uint16_t fields) {
        hash = 0xcbf29ce484222325u;
        number(fields);
    }
    void null() { number<int32_t>(-1); mix(nullptr, 0); }
    template <typename Integer> void integer(Integer value) {
        number<int32_t>(sizeof value);
        number(value);
        mix(bytes.data() + bytes.size() - sizeof value, sizeof value);
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
    void end_with_hash() {
        number<int32_t>(8);
        number(hash);
        ends.push_back(bytes.size());
    }

    std::vector<char> bytes;
    std::vector<size_t> ends;           // of each row, among the bytes

private:
    template <typename Integer> void number(Integer value) {
        const size_t at = bytes.size();
        bytes.resize(at + sizeof value);
        for (size_t i = 0; i < sizeof value; i++) bytes[at + i] = char(uint64_t(value) >> (8 * (sizeof value - 1 - i)));
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

    uint64_t hash = 0;
};

} // namespace weir_gdal
