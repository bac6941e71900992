// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace app {

/// The window's own log: signalbox.log in the data folder's log/, and four older ones behind it, 10 MB each at most. Where
/// it cannot be written, lines are lost: the log never stops the program. Not thread-safe; Log calls its sink one at a time.
///   Log log(level, format, [file = std::make_shared<LogFile>(folder)](std::string_view line) { file->write(line); });
class LogFile
{
public:
    static constexpr std::int64_t standardSize = 10 * 1024 * 1024;
    static constexpr int standardFiles = 5;

    explicit LogFile(std::filesystem::path folder, std::int64_t most = standardSize, int files = standardFiles);
    ~LogFile();
    LogFile(const LogFile &) = delete;
    LogFile &operator=(const LogFile &) = delete;

    void write(std::string_view line);

private:
    [[nodiscard]] std::filesystem::path name(int age) const; ///< 0: the one that is written
    void open();
    void turn();

    std::filesystem::path m_folder;
    std::int64_t m_most;
    int m_files;
    int m_file = -1;
    std::int64_t m_size = 0;
};

} // namespace app
