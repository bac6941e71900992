// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/websocket/frame_parser.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Frames that the gateway says itself. Pure.
namespace gateway::wire::websocket {

/// One control frame.
/// @param body  at most 125 bytes
/// @param mask  any number, for a frame to a server; nullopt: to a client
std::string controlFrame(Opcode opcode, std::string_view body, std::optional<std::uint32_t> mask);

/// The body of a Close frame.
/// @param reason  UTF-8, cut to what fits
std::string closeBody(std::uint16_t code, std::string_view reason);

/// What a Close frame's body says.
struct CloseReason
{
    std::uint16_t code = 1005; ///< 1005: none was said
    std::string words {};      ///< valid UTF-8
};
CloseReason readClose(std::string_view body);

} // namespace gateway::wire::websocket
