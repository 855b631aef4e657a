// archive.hpp - what an archive holds, looked at before anything of it is read.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace weir_gdal {

enum class Packing { none, zip, tar, tgz };

/* By its first bytes, whatever its name says. */
Packing packing_of(const std::string &path);
/* How GDAL names what is inside. */
std::string inside(const std::string &path, Packing packing);

bool ends_with(const std::string &text, const char *end);
/* `*` stands for anything. */
bool fits(const char *pattern, const char *text);

/* Looks into one archive and those in it: nothing of them may lie outside, and all of them together may not be larger than what a
 * source can be. What is wrong is CPLError's. */
class Archives {
public:
    /* Names of files, folders left out. */
    bool list(const std::string &path, Packing packing, std::vector<std::string> &names);

private:
    bool list_zip(const std::string &path, std::vector<std::string> &names);
    bool list_tar(const std::string &path, Packing packing, std::vector<std::string> &names);
    bool admits(const std::string &path, const std::string &name, uint64_t size);
    void begin(uint64_t size);

    uint64_t budget = 0;                // bytes that may still come out; 0: nothing was looked at yet
    size_t files = 0;
};

} // namespace weir_gdal
