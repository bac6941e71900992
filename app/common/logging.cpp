// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/logging.h"

#include "gateway/core/text.h"

#include <QtGlobal>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>

namespace app {

namespace {

std::string_view toText(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug: return "debug";
    case LogLevel::Info: return "info";
    case LogLevel::Warning: return "warning";
    case LogLevel::Error: return "error";
    }
    return "error";
}

/// RFC 3339 in UTC, to the millisecond.
std::string timeNow()
{
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date {day};
    const std::chrono::hh_mm_ss clock {now - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

/// One line, whatever the text: a message that came from outside cannot forge an entry.
std::string oneLine(std::string_view text)
{
    std::string line = gateway::toValidUtf8(text);
    std::replace_if(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return line;
}

bool isBare(std::string_view value)
{
    return !value.empty() && value.find_first_of(" \t\r\n\"=") == std::string_view::npos;
}

std::string textLine(LogLevel level, std::string_view message, std::initializer_list<Log::Field> fields)
{
    std::string line = fmt::format("{} {} {}", timeNow(), toText(level), oneLine(message));
    for (const Log::Field &field : fields)
        line += fmt::format(" {}={}", field.key, isBare(field.value) ? oneLine(field.value) : gateway::jsonQuoted(field.value));
    return line + '\n';
}

std::string jsonLine(LogLevel level, std::string_view message, std::initializer_list<Log::Field> fields)
{
    std::string line = fmt::format(R"({{"time":"{}","level":"{}","message":{})", timeNow(), toText(level), gateway::jsonQuoted(message));
    for (const Log::Field &field : fields)
        line += fmt::format(",{}:{}", gateway::jsonQuoted(field.key), gateway::jsonQuoted(field.value));
    return line + "}\n";
}

// Qt takes a plain function for its messages: this is where it finds the log.
std::atomic<Log *> qtLog {nullptr};
QtMessageHandler formerHandler = nullptr;

void takeQtMessage(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    Log *log = qtLog.load();
    if (log == nullptr)
        return;
    const std::string message = text.toStdString();
    const std::string category = context.category == nullptr ? "default" : context.category;
    switch (type) {
    case QtDebugMsg: log->debug(message, {{"from", category}}); break;
    case QtInfoMsg: log->info(message, {{"from", category}}); break;
    case QtWarningMsg: log->warning(message, {{"from", category}}); break;
    case QtCriticalMsg:
    case QtFatalMsg: log->error(message, {{"from", category}}); break;
    }
}

} // namespace

Log::Log(LogLevel level, LogFormat format, Sink sink) : m_level(level), m_format(format), m_sink(std::move(sink))
{
    if (!m_sink)
        m_sink = [](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); };
}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<Field> fields)
{
    if (level < m_level)
        return;
    const std::string line = m_format == LogFormat::Json ? jsonLine(level, message, fields) : textLine(level, message, fields);
    const std::lock_guard lock(m_mutex);
    m_sink(line);
}

QtMessages::QtMessages(Log &log)
{
    qtLog = &log;
    formerHandler = qInstallMessageHandler(&takeQtMessage);
}

QtMessages::~QtMessages()
{
    qInstallMessageHandler(formerHandler);
    qtLog = nullptr;
}

} // namespace app
