// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"

#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>

namespace app {

/// The process's log: one line an entry, to stderr or whatever the sink is. Thread-safe. Never given secrets.
///   2026-11-17T13:32:07.123Z info listening address=127.0.0.1:8787
///   {"time":"2026-11-17T13:32:07.123Z","level":"info","message":"listening","address":"127.0.0.1:8787"}
class Log
{
public:
    struct Field
    {
        std::string_view key;
        std::string value;
    };
    using Sink = std::function<void(std::string_view line)>; ///< with the line end; one at a time

    Log(LogLevel level, LogFormat format, Sink sink = {}); ///< no sink: stderr

    void write(LogLevel level, std::string_view message, std::initializer_list<Field> fields = {});
    void debug(std::string_view message, std::initializer_list<Field> fields = {}) { write(LogLevel::Debug, message, fields); }
    void info(std::string_view message, std::initializer_list<Field> fields = {}) { write(LogLevel::Info, message, fields); }
    void warning(std::string_view message, std::initializer_list<Field> fields = {}) { write(LogLevel::Warning, message, fields); }
    void error(std::string_view message, std::initializer_list<Field> fields = {}) { write(LogLevel::Error, message, fields); }

private:
    LogLevel m_level;
    LogFormat m_format;
    std::mutex m_mutex;
    Sink m_sink;
};

/// Qt's own messages into `log` while it lives. One at a time in a process.
class QtMessages
{
public:
    explicit QtMessages(Log &log);
    ~QtMessages();
    QtMessages(const QtMessages &) = delete;
    QtMessages &operator=(const QtMessages &) = delete;
};

} // namespace app
