// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace app {

/// The folder with everything that Signalbox keeps (config.md). One process at a time holds its lock; the kernel takes it
/// back when the process ends, however it ends.
class DataFolder
{
public:
    /// $XDG_DATA_HOME/signalbox (or ~/.local/share/signalbox); for the demo signalbox-demo. Errors: neither variable is set.
    static gateway::Result<std::filesystem::path> standard(bool demo);

    /// Makes the folder (0700) with backups/ and log/ where it is not there, and takes the lock. Errors change nothing: Io
    /// where it cannot be made or written, or is readable by others and not Signalbox's; Busy where another process holds it.
    static gateway::Result<DataFolder> open(const std::filesystem::path &path);

    /// The process that holds the folder, 0 where it is not known who does; nullopt: nobody, or there is no folder.
    static std::optional<int> holder(const std::filesystem::path &path);

    /// Where the process that holds `path` listens for commands: a name that fits the system's limit for socket names.
    static std::string controlSocket(const std::filesystem::path &path);

    DataFolder(DataFolder &&other) noexcept;
    DataFolder &operator=(DataFolder &&other) noexcept;
    ~DataFolder(); ///< gives the lock back

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }

private:
    DataFolder(std::filesystem::path path, int lock) : m_path(std::move(path)), m_lock(lock) {}
    std::filesystem::path m_path;
    int m_lock = -1;
};

} // namespace app
