// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/progress_line.h"

#include <fmt/format.h>

#include <ostream>
#include <unistd.h>

namespace app {

ProgressLine::ProgressLine(std::ostream &err, std::string what)
    : m_err(err), m_what(std::move(what)), m_terminal(::isatty(STDERR_FILENO) != 0), m_next(std::chrono::steady_clock::now() + std::chrono::seconds(1))
{
}

ProgressLine::~ProgressLine()
{
    if (m_shown && m_terminal)
        m_err << '\n';
}

void ProgressLine::at(std::uint64_t done, std::uint64_t all)
{
    const auto now = std::chrono::steady_clock::now();
    if (now < m_next || all == 0)
        return;
    m_next = now + (m_terminal ? std::chrono::milliseconds(250) : std::chrono::seconds(10));
    m_shown = true;
    m_err << fmt::format("{}{}: {} %{}", m_terminal ? "\r" : "", m_what, done * 100 / all, m_terminal ? "" : "\n") << std::flush;
}

std::string sizeWords(std::uint64_t bytes)
{
    constexpr double mega = 1024.0 * 1024.0;
    return bytes < static_cast<std::uint64_t>(mega) ? fmt::format("{} KB", (bytes + 1023) / 1024) : fmt::format("{:.1f} MB", static_cast<double>(bytes) / mega);
}

} // namespace app
