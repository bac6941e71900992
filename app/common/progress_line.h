// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace app {

/// "Backup: 42 %" on stderr, for what takes longer than a second: one line that is written over at a terminal, else one every ten
/// seconds. One thread.
class ProgressLine
{
public:
    /// @param err  outlives this
    ProgressLine(std::ostream &err, std::string what);
    ~ProgressLine();
    ProgressLine(const ProgressLine &) = delete;
    ProgressLine &operator=(const ProgressLine &) = delete;

    void at(std::uint64_t done, std::uint64_t all);

private:
    std::ostream &m_err;
    std::string m_what;
    bool m_terminal;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_next;
};

/// "12 KB", "3.4 MB"
[[nodiscard]] std::string sizeWords(std::uint64_t bytes);

} // namespace app
