// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace support {

/// One end of a WebSocket over a blocking socket, for tests: writes and reads frames apart from the gateway's own code, so
/// that what one gets wrong the other shows.
class WebSocketPeer
{
public:
    enum class Role { Client, Server };
    struct Frame
    {
        int opcode = -1;    ///< -1: the connection ended, or nothing came in time
        bool final = true;
        bool masked = false;
        std::string body;   ///< unmasked
        std::string raw;    ///< as it came
        [[nodiscard]] int closeCode() const; ///< -1: it is no Close with a code
    };
    using Limit = std::chrono::milliseconds;

    WebSocketPeer() = default;
    /// @param read  bytes that were read behind the handshake
    WebSocketPeer(int socket, Role role, std::string read = {}) : m_socket(socket), m_role(role), m_in(std::move(read)) {}
    ~WebSocketPeer() { close(); }
    WebSocketPeer(WebSocketPeer &&other) noexcept;
    WebSocketPeer &operator=(WebSocketPeer &&other) noexcept;

    /// Opens a session as a client. @param headers  further lines, each with its CRLF
    static WebSocketPeer open(std::uint16_t port, std::string_view target, std::string_view headers = {}, int receiveBuffer = 0);
    /// The answer's head, status line first; of a refusal with what came of its body.
    [[nodiscard]] const std::string &head() const { return m_head; }
    [[nodiscard]] bool isOpen() const { return m_socket >= 0 && m_head.starts_with("HTTP/1.1 101 "); }

    bool send(std::string_view text, int opcode = 1, bool final = true);
    bool sendClose(int code, std::string_view reason = {});
    bool sendRaw(std::string_view bytes);
    /// A frame with that mask, whatever the role.
    static std::string frame(std::string_view body, int opcode, bool final, std::optional<std::uint32_t> mask);
    Frame receive(Limit limit = Limit(5000));
    /// The next frame that is no ping.
    Frame receiveData(Limit limit = Limit(5000));
    /// Whether the other end has closed the connection, within the limit; frames before it are dropped.
    bool ended(Limit limit = Limit(5000));
    void close();
    void reset(); ///< with RST
    void shutDown(); ///< both directions: whoever is within send() or receive() comes back

private:
    bool readMore(std::chrono::steady_clock::time_point until);

    int m_socket = -1;
    Role m_role = Role::Client;
    std::string m_in, m_head;
    bool m_ended = false;
};

} // namespace support
