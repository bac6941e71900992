// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

/// What a caller got, as far as it came.
struct Answer
{
    int status = 0;                     ///< 0: no status line came
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;                   ///< transfer coding taken off
    bool whole = false;                 ///< the framing says that nothing is missing

    [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
    /// The `data` of each server-sent event in the body.
    [[nodiscard]] std::vector<std::string> events() const;
    [[nodiscard]] bool isStream() const;
    /// The content: of choices[0].message, or of all deltas of choice 0, or `text` of completions; of Anthropic's messages the text blocks.
    [[nodiscard]] std::string text() const;
    /// Whole, status 200, and a stream ends with [DONE], Anthropic's with message_stop.
    [[nodiscard]] bool endedWhole() const;
    /// "code", "type", "message", "param" of the error in the body or in the stream's last event; empty: none.
    [[nodiscard]] std::string error(std::string_view field = "code") const;
    /// Nobody can take it for a whole answer: the framing is cut, and no event says that it ends.
    [[nodiscard]] bool isOpenEnded() const;
    /// A field of the usage object that came last, anywhere; -1: none.
    [[nodiscard]] double usage(std::string_view field) const;
};

/// One connection of a caller to 127.0.0.1. Blocking, with limits; no thread of its own.
class TestClient
{
public:
    explicit TestClient(std::uint16_t port, int receiveBuffer = 0);
    ~TestClient();
    TestClient(TestClient &&other) noexcept;
    TestClient(const TestClient &) = delete;
    TestClient &operator=(const TestClient &) = delete;

    bool send(std::string_view bytes);
    /// Reads until the answer is whole, the connection ends or `limit` passes.
    Answer answer(std::chrono::milliseconds limit = std::chrono::seconds(60)); // under sanitizers, 10 MB take their time
    /// Reads until `text` has come; false where it did not.
    bool readUntil(std::string_view text, std::chrono::milliseconds limit = std::chrono::seconds(5));
    /// Everything read so far and not yet given out by answer().
    [[nodiscard]] const std::string &received() const { return m_in; }
    /// From now on the receive buffer is a large one.
    void hurry();
    void close();

private:
    bool readMore(std::chrono::steady_clock::time_point until);

    int m_socket = -1;
    bool m_ended = false;
    std::string m_in;
};

} // namespace support
