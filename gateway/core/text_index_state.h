// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace gateway {

/// How far the index of the words of requests and answers is (gateway.log.full_text).
struct TextIndexState
{
    bool on = false;
    bool complete = false;       ///< all bodies that the log keeps are in it
    double done = 0;             ///< 0 to 1: of the log's rows that have bodies, about
    std::uint64_t calls = 0;     ///< in it
    std::uint64_t bytes = 0;     ///< of its file
    std::string problem {};      ///< why it does not get on; empty: it does
};

} // namespace gateway
