// filesystem.cpp - /vsiweir/: what GDAL asks of a file system, asked of the session's objects.
#include "filesystem.hpp"
#include "object.hpp"
#include "session.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <gdal/cpl_conv.h>
#include <gdal/cpl_error.h>
#include <gdal/cpl_string.h>
#include <gdal/cpl_vsi.h>

namespace weir_gdal {

namespace {

// Blocks read ahead at the most, after reads that followed each other: 2 MiB.
constexpr unsigned most_ahead = 31;

struct Handle {                         // one opened file; GDAL uses it on one thread at a time
    std::shared_ptr<Object> object;
    uint64_t at = 0, expected = 0;
    unsigned ahead = 0;
    bool is_at_end = false;
};

/* Says through GDAL's errors what the session knows; the handler finds the session's own words by weir_gdal_fail(). */
void report(Session *session, const std::string &path) {
    weir_status status;
    std::string message;
    if (session && session->failure(status, message)) CPLError(CE_Failure, CPLE_FileIO, "%s", message.c_str());
    else CPLError(CE_Failure, CPLE_FileIO, "%s: the task that read it is over", path.c_str());
}

int on_stat(void *, const char *path, VSIStatBufL *about, int) {
    const auto session = Session::current();
    if (!session) {
        errno = EBADF;
        return -1;
    }
    if (const auto object = session->object(path)) {
        about->st_mode = S_IFREG | S_IRUSR | S_IRGRP | S_IROTH;
        about->st_size = off_t(object->size);
        about->st_mtime = object->modified;
        return 0;
    }
    if (session->is_folder(path)) {
        about->st_mode = S_IFDIR | S_IRUSR | S_IXUSR;
        return 0;
    }
    errno = ENOENT;
    return -1;
}

char **on_read_dir(void *, const char *path, int most) {
    std::vector<Entry> entries;
    const auto session = Session::current();
    if (!session || !*path || !session->list(path, most > 0 ? size_t(most) + 1 : 0, entries) || entries.empty()) return nullptr;
    CPLStringList names;
    for (const Entry &entry : entries) names.AddString(entry.name.c_str());
    return names.StealList();
}

void *on_open(void *, const char *path, const char *access) {
    if (!access || access[0] != 'r' || strchr(access, '+')) {
        CPLError(CE_Failure, CPLE_NotSupported, "/vsiweir/%s: objects are read only: write to the task's scratch, then copy", path);
        errno = EROFS;
        return nullptr;
    }
    const auto session = Session::current();
    if (!session) {
        errno = EBADF;
        return nullptr;
    }
    auto object = session->object(path);
    return object ? new Handle{std::move(object)} : nullptr;
}

Handle &handle(void *file) { return *static_cast<Handle *>(file); }

vsi_l_offset on_tell(void *file) { return handle(file).at; }

int on_seek(void *file, vsi_l_offset offset, int whence) {
    Handle &self = handle(file);
    self.is_at_end = false;
    self.at = whence == SEEK_SET ? offset : whence == SEEK_CUR ? self.at + offset : self.object->size + offset;
    return 0;
}

size_t on_read(void *file, void *into, size_t size, size_t count) {
    Handle &self = handle(file);
    if (size == 0 || count == 0) return 0;
    const uint64_t left = self.at < self.object->size ? self.object->size - self.at : 0;
    const uint64_t wanted = std::min<uint64_t>(left, uint64_t(size) * count);
    if (wanted < uint64_t(size) * count) self.is_at_end = true;
    if (wanted == 0) return 0;
    if (self.at != self.expected) self.ahead = 0;
    else self.ahead = std::min(most_ahead, self.ahead * 2 + 1);
    const auto session = Session::current();
    const Span span = {self.at, size_t(wanted), static_cast<char *>(into)};
    if (!session || !self.object->read(*session, &span, 1, self.ahead)) {
        report(session.get(), self.object->path);
        return 0;
    }
    self.at += wanted;
    self.expected = self.at;
    return size_t(wanted / size);
}

int on_read_ranges(void *file, int count, void **into, const vsi_l_offset *offsets, const size_t *sizes) {
    const Handle &self = handle(file);
    const auto session = Session::current();
    std::vector<Span> spans;
    for (int i = 0; i < count; i++) {
        if (offsets[i] > self.object->size || sizes[i] > self.object->size - offsets[i]) return -1;
        spans.push_back({offsets[i], sizes[i], static_cast<char *>(into[i])});
    }
    if (session && self.object->read(*session, spans.data(), spans.size(), 0)) return 0;
    report(session.get(), self.object->path);
    return -1;
}

VSIRangeStatus on_range_status(void *, vsi_l_offset, vsi_l_offset) { return VSI_RANGE_STATUS_DATA; }

int on_eof(void *file) { return handle(file).is_at_end; }

int on_close(void *file) {
    delete &handle(file);
    return 0;
}

} // namespace

void install_filesystem() {
    VSIFilesystemPluginCallbacksStruct *calls = VSIAllocFilesystemPluginCallbacksStruct();
    calls->stat = on_stat;
    calls->read_dir = on_read_dir;
    calls->open = on_open;
    calls->tell = on_tell;
    calls->seek = on_seek;
    calls->read = on_read;
    calls->read_multi_range = on_read_ranges;
    calls->get_range_status = on_range_status;
    calls->eof = on_eof;
    calls->close = on_close;
    VSIInstallPluginHandler("/vsiweir/", calls);
    VSIFreeFilesystemPluginCallbacksStruct(calls);
}

} // namespace weir_gdal
