// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/temporary_files.h"

#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace gateway::storage {

std::uint64_t temporaryFileBytes()
{
    namespace fs = std::filesystem;
    constexpr const char *mark = "/etilqs_"; // SQLITE_TEMP_FILE_PREFIX
    std::uint64_t bytes = 0;
    std::error_code error;
    for (fs::directory_iterator file("/proc/self/fd", error), end; !error && file != end; file.increment(error)) {
        std::error_code gone; // closed meanwhile
        const fs::path target = fs::read_symlink(file->path(), gone);
        struct stat found {};
        if (!gone && target.native().find(mark) != std::string::npos && ::stat(file->path().c_str(), &found) == 0)
            bytes += static_cast<std::uint64_t>(found.st_size);
    }
    return bytes;
}

} // namespace gateway::storage
