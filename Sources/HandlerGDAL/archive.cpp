#include "archive.hpp"
#include "weir/archive.h"
#include <algorithm>
#include <cstring>
#include <gdal/cpl_conv.h>
#include <gdal/cpl_error.h>
#include <gdal/cpl_string.h>
#include <gdal/cpl_vsi.h>
#include <memory>

namespace weir_gdal {

namespace {

constexpr size_t most_files = 10000;
constexpr uint64_t most_directory = 64 << 20;
// Tables of text shrink to a hundredth, a bomb to a thousandth and less.
constexpr uint64_t most_growth = 250, always_fine = 256 << 20;

struct FileCloser {
    void operator()(VSILFILE *file) const { VSIFCloseL(file); }
};
using File = std::unique_ptr<VSILFILE, FileCloser>;

bool refuse(const char *form, const std::string &path, const std::string &what = "") {
    CPLError(CE_Failure, CPLE_AppDefined, form, path.c_str(), what.c_str());
    return false;
}

uint64_t number(const unsigned char *at, int bytes) {
    uint64_t value = 0;
    for (int i = bytes; i-- > 0;) value = value << 8 | at[i];
    return value;
}

bool read_at(VSILFILE *file, uint64_t at, size_t size, std::vector<unsigned char> &into) {
    into.resize(size);
    return VSIFSeekL(file, at, SEEK_SET) == 0 && VSIFReadL(into.data(), 1, size, file) == size;
}

uint64_t size_of(VSILFILE *file) { return VSIFSeekL(file, 0, SEEK_END) == 0 ? VSIFTellL(file) : 0; }

struct Directory { uint64_t at = 0, size = 0; };

/* Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.14 to 4.3.16. */
bool find_directory(VSILFILE *file, uint64_t total, Directory &directory) {
    constexpr size_t end_size = 22, locator_size = 20;
    std::vector<unsigned char> tail, more;
    const size_t tail_size = size_t(std::min<uint64_t>(total, end_size + 0xFFFF));
    if (tail_size < end_size || !read_at(file, total - tail_size, tail_size, tail)) return false;
    for (size_t at = tail_size - end_size + 1; at-- > 0;) {
        if (memcmp(tail.data() + at, "PK\5\6", 4) != 0) continue;
        directory.size = number(tail.data() + at + 12, 4);
        directory.at = number(tail.data() + at + 16, 4);
        const bool is_large = directory.size == 0xFFFFFFFF || directory.at == 0xFFFFFFFF || number(tail.data() + at + 10, 2) == 0xFFFF;
        if (!is_large || at < locator_size || memcmp(tail.data() + at - locator_size, "PK\6\7", 4) != 0) return true;
        if (!read_at(file, number(tail.data() + at - locator_size + 8, 8), 56, more) || memcmp(more.data(), "PK\6\6", 4) != 0) return false;
        directory.size = number(more.data() + 40, 8);
        directory.at = number(more.data() + 48, 8);
        return true;
    }
    return false;
}

/* The size of what comes out, which stands in an extra field where it is large. */
uint64_t unpacked_size(const unsigned char *entry, const unsigned char *extra, size_t extra_size) {
    const uint64_t size = number(entry + 24, 4);
    for (size_t at = 0; size == 0xFFFFFFFF && at + 4 <= extra_size;) {
        const uint64_t id = number(extra + at, 2), length = number(extra + at + 2, 2);
        if (id == 1 && length >= 8 && at + 12 <= extra_size) return number(extra + at + 4, 8);
        at += 4 + size_t(length);
    }
    return size;
}

bool leaves(const std::string &name) {
    if (name.empty() || name[0] == '/' || name.find('\\') != std::string::npos || name.find('\0') != std::string::npos) return true;
    for (size_t at = 0; at < name.size();) {
        const size_t end = std::min(name.find('/', at), name.size());
        if (name.compare(at, end - at, "..") == 0) return true;
        at = end + 1;
    }
    return false;
}

} // namespace

bool ends_with(const std::string &text, const char *end) {
    const std::string lower = CPLString(text).tolower();
    const size_t size = strlen(end);
    return lower.size() >= size && lower.compare(lower.size() - size, size, end) == 0;
}

bool fits(const char *pattern, const char *text) {
    if (*pattern == '*') return fits(pattern + 1, text) || (*text && fits(pattern, text + 1));
    if (*pattern == 0 || *text == 0) return *pattern == *text;
    return *pattern == *text && fits(pattern + 1, text + 1);
}

Packing packing_of(const std::string &path) {
    const File file(VSIFOpenL(path.c_str(), "rb"));
    unsigned char head[262] = {};
    const size_t got = file ? VSIFReadL(head, 1, sizeof head, file.get()) : 0;
    if (got >= 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0)) return Packing::zip;
    if (got >= 2 && head[0] == 0x1F && head[1] == 0x8B) return Packing::tgz;
    return got == sizeof head && memcmp(head + 257, "ustar", 5) == 0 ? Packing::tar : Packing::none;
}

std::string inside(const std::string &path, Packing packing) {
    switch (packing) {
    case Packing::zip: return "/vsizip/{" + path + "}";
    case Packing::tar: return "/vsitar/{" + path + "}";
    case Packing::tgz: return "/vsitar/{/vsigzip/" + path + "}";
    case Packing::none: break;
    }
    return path;
}

void Archives::begin(uint64_t size) {
    if (budget == 0) budget = std::max(always_fine, size * most_growth);
}

bool Archives::admits(const std::string &path, const std::string &name, uint64_t size) {
    if (++files > most_files) return refuse("%s holds more than 10000 files%s", path);
    if (leaves(name)) return refuse("%s holds a file that would lie outside of it: \"%s\"", path, name);
    if (size >= budget) return refuse("%s would unpack to more than any source of its size does, at \"%s\"", path, name);
    budget -= size;
    return true;
}

bool Archives::list(const std::string &path, Packing packing, std::vector<std::string> &names) {
    return packing == Packing::zip ? list_zip(path, names) : list_tar(path, packing, names);
}

bool Archives::list_zip(const std::string &path, std::vector<std::string> &names) {
    const File file(VSIFOpenL(path.c_str(), "rb"));
    if (!file) return refuse("%s cannot be read%s", path);
    const uint64_t total = size_of(file.get());
    begin(total);
    Directory directory;
    std::vector<unsigned char> bytes;
    if (!find_directory(file.get(), total, directory) || directory.size > most_directory || directory.at > total
        || directory.size > total - directory.at || !read_at(file.get(), directory.at, size_t(directory.size), bytes))
        return refuse("%s is cut off, or no zip: it has no directory at its end%s", path);
    constexpr size_t entry_size = 46;
    for (size_t at = 0; at + entry_size <= bytes.size();) {
        const unsigned char *entry = bytes.data() + at;
        if (memcmp(entry, "PK\1\2", 4) != 0) return refuse("%s has a damaged directory%s", path);
        const size_t name_size = size_t(number(entry + 28, 2)), extra_size = size_t(number(entry + 30, 2));
        if (at + entry_size + name_size + extra_size > bytes.size()) return refuse("%s has a damaged directory%s", path);
        const std::string name(reinterpret_cast<const char *>(entry) + entry_size, name_size);
        if (!admits(path, name, unpacked_size(entry, entry + entry_size + name_size, extra_size))) return false;
        if (number(entry + 8, 2) & 1) return refuse("%s is locked by a password, at \"%s\"", path, name);
        if (name.back() != '/') names.push_back(name);
        at += entry_size + name_size + extra_size + size_t(number(entry + 32, 2));
    }
    return true;
}

bool Archives::list_tar(const std::string &path, Packing packing, std::vector<std::string> &names) {
    VSIStatBufL about;
    if (VSIStatL(path.c_str(), &about) != 0) return refuse("%s cannot be read%s", path);
    begin(uint64_t(about.st_size));
    const std::string place = inside(path, packing);
    const CPLStringList all(VSIReadDirRecursive(place.c_str()));
    if (all.size() == 0) return refuse("%s is cut off, or no archive of files%s", path);
    for (int i = 0; i < all.size(); i++) {
        if (VSIStatL((place + "/" + all[i]).c_str(), &about) != 0) return refuse("%s has a damaged file \"%s\"", path, all[i]);
        const bool is_folder = VSI_ISDIR(about.st_mode);
        if (!admits(path, all[i], is_folder ? 0 : uint64_t(about.st_size))) return false;
        if (!is_folder) names.push_back(all[i]);
    }
    return true;
}

} // namespace weir_gdal

weir_status weir_archive_text(const char *path, const char *pattern, char *into, uint64_t capacity) {
    using namespace weir_gdal;
    CPLErrorReset();
    const Packing packing = packing_of(path);
    std::vector<std::string> names;
    Archives archives;
    if (packing == Packing::none) return WEIR_NOT_FOUND;
    if (!archives.list(path, packing, names)) return WEIR_FAILED;
    for (const std::string &name : names) {
        if (!fits(pattern, CPLGetFilename(name.c_str()))) continue;
        const File file(VSIFOpenL((inside(path, packing) + "/" + name).c_str(), "rb"));
        if (!file) return WEIR_FAILED;
        const size_t got = VSIFReadL(into, 1, size_t(capacity) - 1, file.get());
        into[got] = 0;
        return WEIR_OK;
    }
    return WEIR_NOT_FOUND;
}
