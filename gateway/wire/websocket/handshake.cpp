// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/websocket/handshake.h"

#include "gateway/core/text.h"
#include "gateway/wire/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>

namespace gateway::wire::websocket {

namespace {

constexpr std::string_view suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 1.3
constexpr std::size_t keySize = 16;

/// The comma-separated items of all headers of that name, until visit() gives true.
template <typename Visit>
bool anyItem(std::span<const HeaderView> headers, std::string_view name, Visit visit)
{
    for (const HeaderView &header : headers) {
        if (!equalsIgnoringCase(header.name, name))
            continue;
        for (std::string_view list = header.value; !list.empty();) {
            const std::size_t comma = std::min(list.find(','), list.size());
            if (visit(trimmed(list.substr(0, comma))))
                return true;
            list.remove_prefix(std::min(comma + 1, list.size()));
        }
    }
    return false;
}

bool has(std::span<const HeaderView> headers, std::string_view name, std::string_view item)
{
    return anyItem(headers, name, [&](std::string_view found) { return equalsIgnoringCase(found, item); });
}

std::unexpected<Error> bad(const char *message)
{
    return fail(ErrorCode::BadRequest, message);
}

} // namespace

bool asksForWebSocket(std::span<const HeaderView> headers)
{
    return has(headers, "upgrade", "websocket");
}

Result<std::string_view> readHandshake(std::span<const HeaderView> headers)
{
    if (!asksForWebSocket(headers) || !has(headers, "connection", "upgrade"))
        return bad("This is a WebSocket. Ask for it with Connection: Upgrade and Upgrade: websocket.");
    const auto version = findHeader(headers, "sec-websocket-version");
    if (!version || trimmed(*version) != "13")
        return bad("Sec-WebSocket-Version must be 13.");
    const auto key = findHeader(headers, "sec-websocket-key");
    const auto bytes = key ? fromBase64(*key) : std::nullopt;
    if (!bytes || bytes->size() != keySize)
        return bad("Sec-WebSocket-Key must be 16 bytes in base64.");
    return trimmed(*key);
}

std::string acceptFor(std::string_view key)
{
    std::string text(key);
    text += suffix;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    return toBase64({reinterpret_cast<const char *>(digest.data()), size});
}

std::string makeKey(std::array<std::uint64_t, 2> random)
{
    std::array<char, keySize> bytes {};
    std::memcpy(bytes.data(), random.data(), bytes.size());
    return toBase64({bytes.data(), bytes.size()});
}

Result<void> checkAnswer(std::span<const HeaderView> headers, std::string_view key)
{
    if (!asksForWebSocket(headers) || !has(headers, "connection", "upgrade"))
        return fail(ErrorCode::Malformed, "it switches to something other than a WebSocket.");
    const auto accept = findHeader(headers, "sec-websocket-accept");
    if (!accept || trimmed(*accept) != acceptFor(key))
        return fail(ErrorCode::Malformed, "its Sec-WebSocket-Accept does not answer the key.");
    if (findHeader(headers, "sec-websocket-extensions"))
        return fail(ErrorCode::Malformed, "it uses an extension that nobody asked for.");
    return {};
}

std::string_view offeredProtocol(std::span<const HeaderView> headers, std::string_view prefix)
{
    std::string_view offered;
    anyItem(headers, "sec-websocket-protocol", [&](std::string_view name) {
        offered = name.starts_with(prefix) ? name : std::string_view();
        return !offered.empty();
    });
    return offered;
}

} // namespace gateway::wire::websocket
