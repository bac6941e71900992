// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/trace_context.h"

#include <algorithm>

namespace gateway::wire {
namespace {

// 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
constexpr std::size_t traceAt = 3, traceSize = 32;
constexpr std::size_t parentAt = 36, parentSize = 16;
constexpr std::size_t flagsAt = 53, wholeSize = 55;
constexpr std::size_t longestState = 512; // what everybody must be able to carry (Trace Context 3.3.1.5)

bool isHex(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool isZero(std::string_view text)
{
    return text.find_first_not_of('0') == std::string_view::npos;
}

} // namespace

std::string_view traceIdOf(std::string_view traceparent)
{
    if (traceparent.size() < wholeSize || traceparent[2] != '-' || traceparent[parentAt - 1] != '-' || traceparent[flagsAt - 1] != '-')
        return {};
    const std::string_view version = traceparent.substr(0, 2);
    const std::string_view trace = traceparent.substr(traceAt, traceSize);
    const std::string_view parent = traceparent.substr(parentAt, parentSize);
    if (!isHex(version) || version == "ff" || !isHex(trace) || isZero(trace) || !isHex(parent) || isZero(parent) || !isHex(traceparent.substr(flagsAt, 2)))
        return {};
    const bool longer = traceparent.size() > wholeSize; // later versions may append fields
    if (longer && (version == "00" || traceparent[wholeSize] != '-'))
        return {};
    return trace;
}

std::string traceLines(std::span<const HeaderView> headers)
{
    std::string lines;
    const auto parent = findHeader(headers, "traceparent");
    if (!parent || traceIdOf(*parent).empty())
        return lines;
    lines.append("traceparent: ").append(*parent).append("\r\n");
    const auto state = findHeader(headers, "tracestate");
    if (state && !state->empty() && state->size() <= longestState)
        lines.append("tracestate: ").append(*state).append("\r\n");
    return lines;
}

} // namespace gateway::wire
