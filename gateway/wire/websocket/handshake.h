// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/header_view.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// The opening handshake of WebSockets (RFC 6455 section 4), both sides of it. Pure.
namespace gateway::wire::websocket {

/// Whether these headers ask for a WebSocket at all.
bool asksForWebSocket(std::span<const HeaderView> headers);

/// Checks a client's handshake (4.2.1).
/// @return its Sec-WebSocket-Key; BadRequest in words for what is missing or wrong
Result<std::string_view> readHandshake(std::span<const HeaderView> headers);

/// The value of Sec-WebSocket-Accept that answers a key.
std::string acceptFor(std::string_view key);

/// A client's key of 16 random bytes.
std::string makeKey(std::array<std::uint64_t, 2> random);

/// Checks a server's 101 (4.1). @return Malformed in words
Result<void> checkAnswer(std::span<const HeaderView> headers, std::string_view key);

/// The first subprotocol of those that a client offers (Sec-WebSocket-Protocol) that begins with `prefix`; empty: none.
std::string_view offeredProtocol(std::span<const HeaderView> headers, std::string_view prefix);

} // namespace gateway::wire::websocket
