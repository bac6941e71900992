// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/websocket/frame_writer.h"

#include "gateway/core/text.h"

#include <array>

namespace gateway::wire::websocket {

namespace {

constexpr std::size_t longestBody = 125;
constexpr std::size_t codeSize = 2;

} // namespace

std::string controlFrame(Opcode opcode, std::string_view body, std::optional<std::uint32_t> mask)
{
    body = body.substr(0, longestBody);
    std::string frame;
    frame += static_cast<char>(0x80 | static_cast<unsigned>(opcode));
    frame += static_cast<char>((mask ? 0x80U : 0U) | body.size());
    if (!mask)
        return frame.append(body);
    std::array<char, 4> bytes {};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(*mask >> (8 * i));
    frame.append(bytes.data(), bytes.size());
    for (std::size_t i = 0; i < body.size(); ++i)
        frame += static_cast<char>(body[i] ^ bytes[i % bytes.size()]);
    return frame;
}

std::string closeBody(std::uint16_t code, std::string_view reason)
{
    std::string body;
    body += static_cast<char>(code >> 8);
    body += static_cast<char>(code & 0xFF);
    return body.append(truncatedUtf8(reason, longestBody - codeSize));
}

CloseReason readClose(std::string_view body)
{
    if (body.size() < codeSize)
        return {};
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(body[at]); };
    return {.code = static_cast<std::uint16_t>(byte(0) << 8 | byte(1)), .words = toValidUtf8(body.substr(codeSize))};
}

} // namespace gateway::wire::websocket
