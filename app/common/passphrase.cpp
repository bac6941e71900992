// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/passphrase.h"

#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace app {

namespace {

using gateway::ErrorCode;
using gateway::Result;

/// The terminal without its echo.
class Hidden
{
public:
    Hidden()
    {
        m_changed = ::tcgetattr(STDIN_FILENO, &m_before) == 0;
        termios hidden = m_before;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        m_changed = m_changed && ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    }
    ~Hidden()
    {
        if (m_changed)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    Hidden(const Hidden &) = delete;
    Hidden &operator=(const Hidden &) = delete;

private:
    termios m_before {};
    bool m_changed = false;
};

std::string typed(std::ostream &err, const std::string &question)
{
    err << question << std::flush;
    std::string line;
    {
        const Hidden hidden;
        std::getline(std::cin, line);
    }
    err << '\n';
    return line;
}

Result<std::string> firstLineOf(const std::string &path)
{
    std::ifstream file(path);
    std::string line;
    if (!file || !std::getline(file, line))
        return gateway::fail(ErrorCode::Io, fmt::format("{}: no passphrase can be read from it.", path), path);
    if (line.ends_with('\r'))
        line.pop_back();
    if (line.empty())
        return gateway::fail(ErrorCode::Invalid, fmt::format("{}: its first line is empty; it is to be the passphrase.", path), path);
    return line;
}

} // namespace

Result<std::string> passphraseFor(const Invocation &invocation, std::ostream &err, const std::string &question, bool twice)
{
    if (!invocation.passphraseFile.empty())
        return firstLineOf(invocation.passphraseFile);
    if (!invocation.passphrase.empty())
        return invocation.passphrase;
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0)
        return std::string();
    std::string first = typed(err, question);
    if (twice && !first.empty() && typed(err, "Again: ") != first)
        return gateway::fail(ErrorCode::Invalid, "The two are not the same.");
    return first;
}

} // namespace app
