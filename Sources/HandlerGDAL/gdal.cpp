// gdal.cpp - what weir/gdal.h promises: the beginning and the end of a task that uses GDAL, and why it failed.
#include "blocks.hpp"
#include "filesystem.hpp"
#include "session.hpp"
#include <algorithm>
#include <cstdio>
#include <gdal/cpl_conv.h>
#include <gdal/cpl_error.h>
#include <gdal/gdal.h>
#include <gdal/ogr_srs_api.h>

using weir_gdal::Blocks;
using weir_gdal::Session;

namespace {

std::mutex lock;
std::string last_words;                 // of GDAL, on whatever thread

void CPL_STDCALL on_error(CPLErr kind, CPLErrorNum, const char *message) {
    if (kind == CE_Debug || kind == CE_None) return;
    if (kind >= CE_Failure) {
        const std::lock_guard guard(lock);
        last_words = message;
    }
    if (const auto session = Session::current()) session->warn(kind == CE_Warning ? 2 : 0, message);
}

void set_up_once() {
    static std::once_flag flag;
    std::call_once(flag, [] {
        CPLSetErrorHandler(on_error);
        GDALAllRegister();
        weir_gdal::install_filesystem();
        // Grids from the network would be another result on another machine; the sandbox refuses them anyway.
        OSRSetPROJEnableNetwork(0);
        // A folder may hold a million objects: GDAL shall try the few names that it knows instead.
        CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "TRUE");
        // It would put a note beside each .gz, where nothing can be written.
        CPLSetConfigOption("CPL_VSIL_GZIP_WRITE_PROPERTIES", "NO");
    });
}

void size_by(const weir_task *task) {
    const uint64_t memory = (task->memory_mb ? uint64_t(task->memory_mb) : 256) << 20;
    Blocks::shared().resize(size_t(std::clamp<uint64_t>(memory / 8, 8 << 20, 128 << 20)));
    GDALSetCacheMax64(GIntBig(memory / 4));
    CPLSetConfigOption("GDAL_NUM_THREADS", std::to_string(std::max(1u, task->threads)).c_str());
}

weir_status describe(const char *what, std::string &message) {
    weir_status status = WEIR_FAILED;
    const auto session = Session::current();
    if (!session || !session->failure(status, message)) {
        const std::lock_guard guard(lock);
        message = last_words.empty() ? "GDAL gave no reason" : last_words;
    }
    message = std::string(what) + ": " + message;
    return status;
}

} // namespace

weir_status weir_gdal_begin(weir_task *task) {
    set_up_once();
    weir_gdal_end();
    const auto session = std::make_shared<Session>(task);
    if (!session->can_read())
        return task->fail(task, WEIR_DENIED, "weir.storage/1 was not granted: declare it in the handler, and grant it in the plugin's manifest",
                          nullptr);
    {
        const std::lock_guard guard(lock);
        last_words.clear();
    }
    CPLErrorReset();
    size_by(task);
    Session::set_current(session);
    return WEIR_OK;
}

void weir_gdal_end(void) {
    const auto session = Session::current();
    Session::set_current(nullptr);
    if (session) session->end();
}

weir_status weir_gdal_fail(weir_task *task, const char *what) {
    std::string message;
    const weir_status status = describe(what, message);
    return task->fail(task, status, message.c_str(), nullptr);
}

weir_status weir_gdal_failure(const char *what, char *message, size_t size) {
    std::string text;
    const weir_status status = describe(what, text);
    if (size > 0) snprintf(message, size, "%s", text.c_str());
    return status;
}

weir_gdal_traffic weir_gdal_traffic_now(void) {
    const auto session = Session::current();
    return session ? session->traffic() : weir_gdal_traffic{0, 0, 0};
}
