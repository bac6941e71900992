// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_finder.h"

#include <chrono>

namespace gateway::storage {

using Deadline = std::chrono::steady_clock::time_point;

/// Reads a time from its end on, in pieces that grow while they are quick, until the deadline: how questions are answered that
/// may take longer than anybody waits.
/// @param read  takes one piece
/// @return how far back it came: span.from, or later where the time was up
template <typename Read>
Result<std::int64_t> newestFirst(Span span, Deadline deadline, Read read)
{
    constexpr std::int64_t second = 1'000'000;
    constexpr std::int64_t narrowest = 60 * second;
    std::int64_t width = 3600 * second;
    for (std::int64_t to = span.to; to > span.from;) {
        const auto began = std::chrono::steady_clock::now();
        if (began >= deadline)
            return to;
        const std::int64_t from = to - span.from > width ? to - width : span.from;
        if (Result<> done = read(Span {.from = from, .to = to}); !done)
            return std::unexpected(done.error());
        to = from;
        const auto took = std::chrono::steady_clock::now() - began;
        if (took < std::chrono::milliseconds(30))
            width *= 2;
        else if (took > std::chrono::milliseconds(120))
            width = std::max(width / 2, narrowest);
    }
    return std::min(span.from, span.to);
}

} // namespace gateway::storage
