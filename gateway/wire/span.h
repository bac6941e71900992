// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::wire {

/// A range of bytes within a body, kept as offsets so that it outlives the parser that found it.
struct Span
{
    std::uint32_t from = 0;
    std::uint32_t to = 0; ///< one behind the last byte

    [[nodiscard]] bool empty() const { return from == to; }
    [[nodiscard]] std::uint32_t size() const { return to - from; }
    [[nodiscard]] std::string_view in(std::string_view body) const { return body.substr(from, to - from); }
    bool operator==(const Span &) const = default;
};

} // namespace gateway::wire
