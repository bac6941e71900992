// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::storage {
class CallLogReader;
}

namespace gateway::api {

/// Calls for a log sink, packed: one file or object.
struct LogSinkBatch
{
    std::string name {};          ///< "2026/11/30/calls-081502-1f2e3d4c-1201.jsonl.zst"
    std::string bytes {};         ///< empty: there is nothing new
    std::uint64_t upTo = 0;       ///< the row up to which it reaches
    std::uint64_t calls = 0;
    std::uint64_t missed = 0;     ///< rows before it that the log removed before they were written, about
    bool more = false;            ///< others wait behind it
};

/// Bounds of one.
struct LogSinkBounds
{
    int calls = 10'000;
    std::size_t bytes = 16 * 1024 * 1024; ///< of lines, before they are packed
};

/// Reads what was stored after `place`. The name comes of the first call's start and row: what is written again after a crash has
/// the name that it had.
/// @param place     beyond the log's last row: the log is another one than before, and all of it is new
/// @param instance  of this installation
Result<LogSinkBatch> logSinkBatch(storage::CallLogReader &log, std::uint64_t place, bool bodies, std::string_view instance, LogSinkBounds bounds = {});

/// Writes a batch below the folder, under another name first. Errors: Io.
Result<> writeToFolder(const std::string &folder, const LogSinkBatch &batch);

} // namespace gateway::api
