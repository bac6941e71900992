// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/aws_event_stream.h"

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>

/// AWS event-stream frames, made for tests (wire.md 10).
namespace frames {

inline std::string bigEndian(std::uint32_t value, int bytes)
{
    std::string out;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift);
    return out;
}

inline std::uint32_t checksum(std::string_view bytes)
{
    return static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef *>(bytes.data()), static_cast<uInt>(bytes.size())));
}

inline std::string stringHeader(std::string_view name, std::string_view value)
{
    std::string out = bigEndian(static_cast<std::uint32_t>(name.size()), 1);
    out.append(name).append("\7").append(bigEndian(static_cast<std::uint32_t>(value.size()), 2)).append(value);
    return out;
}

/// A frame whose checksums are right, whatever its headers hold.
inline std::string frame(std::string_view headers, std::string_view payload)
{
    std::string out = bigEndian(static_cast<std::uint32_t>(16 + headers.size() + payload.size()), 4);
    out += bigEndian(static_cast<std::uint32_t>(headers.size()), 4);
    out += bigEndian(checksum(out), 4);
    out.append(headers).append(payload);
    out += bigEndian(checksum(out), 4);
    return out;
}

inline std::string event(std::string_view type, std::string_view payload)
{
    return frame(stringHeader(":event-type", type) + stringHeader(":content-type", "application/json") + stringHeader(":message-type", "event"), payload);
}

inline std::string exception(std::string_view type, std::string_view payload)
{
    return frame(stringHeader(":exception-type", type) + stringHeader(":content-type", "application/json") + stringHeader(":message-type", "exception"), payload);
}

inline std::string error(std::string_view code, std::string_view message)
{
    return frame(stringHeader(":error-code", code) + stringHeader(":error-message", message) + stringHeader(":message-type", "error"), {});
}

/// Feeds a stream in reads that end at `cut` and then after every `step` bytes, each in memory of its own. The last state.
template <typename Take>
gateway::wire::AwsEventStreamParser::Next read(gateway::wire::AwsEventStreamParser &parser, std::string_view stream, std::size_t cut, std::size_t step, Take take)
{
    using Parser = gateway::wire::AwsEventStreamParser;
    Parser::Next state = Parser::NeedMore;
    for (std::size_t at = 0; at < stream.size() && state != Parser::Broken;) {
        const std::string piece(stream.substr(at, at < cut ? cut - at : step));
        at += piece.size();
        parser.feed(piece);
        gateway::wire::AwsFrame next;
        while ((state = parser.next(next)) == Parser::Frame)
            take(next);
    }
    return state;
}

} // namespace frames
