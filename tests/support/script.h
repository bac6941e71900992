// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

/// One request as a FakeProvider got it.
struct Received
{
    std::string method;
    std::string target;                    ///< path and query as sent
    std::string head;                      ///< request line and headers, byte for byte, with the empty line
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;                      ///< transfer coding taken off
    std::size_t connection = 0;            ///< 1 for the first connection that the provider accepted
    std::size_t onConnection = 0;          ///< 1 for the first request of that connection
    std::string serverName {};             ///< TLS: the name asked for (SNI); empty: none
    std::string alpn {};                   ///< TLS: the protocol agreed on
    std::chrono::steady_clock::time_point at {}; ///< when its last byte had come
    bool answered = false;                 ///< the whole script has been handed to the kernel
    std::optional<std::chrono::steady_clock::time_point> leftAt {}; ///< the client closed before the script was through

    /// The first header of that name, ASCII case ignored.
    [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
    /// A top-level field of the JSON body: strings without quotes, all else as JSON text; nullopt where absent.
    /// A path with dots goes deeper: "stream_options.include_usage".
    [[nodiscard]] std::optional<std::string> field(std::string_view path) const;
};

/// Where a provider puts the token counts of a stream (wire.md sections 3 and 4.3).
enum class UsagePlace {
    WhenAsked,  ///< as OpenAI: a chunk of its own with `choices: []`, if stream_options.include_usage was sent
    Always,     ///< the same chunk, asked for or not
    Finishing,  ///< in the chunk that has the finish_reason (Mistral, Fireworks, Moonshot)
    XGroq,      ///< under x_groq in the finishing chunk
    InChoice,   ///< in choices[0] of the finishing chunk
    EveryChunk, ///< cumulative in every chunk (Perplexity)
    Nowhere,
};

enum class LineEnd { Lf, CrLf, Cr };

namespace detail {
struct ScriptState;
}

/// What a FakeProvider does with one call, down to the byte: the head, the content, and the way it goes wrong. A value:
/// every function gives a changed copy, so that scripts are written as one sentence and can be kept in tables.
///
///     Script::stream().role().text("po").cut()           a stream that is cut after content
///     Script::answer("pong")                             right, streamed if asked so
///     Script::error(429).header("Retry-After", "1")
///
/// Without a word on how it ends, a script ends whole and the connection stays open. What is said of content, finishes and
/// errors is in the form of the API that is asked: OpenAI's, or Anthropic's below /messages.
class Script
{
public:
    // --- what it starts with

    /// A server-sent event stream, whatever was asked for. Follow with role(), text(), finish() ...
    static Script stream();
    /// A right chat completion of that text with usage: a stream when the request says `stream: true`, else one body.
    /// What follows (cut(), reset(), usage(), toolCall() ...) applies to either form.
    static Script answer(std::string text);
    /// A right text completion (`/v1/completions`), streamed or not like answer().
    static Script completion(std::string text);
    /// An embeddings answer: one vector an input, floats or base64 as asked for (`encoding_format`).
    static Script embeddings(std::vector<std::vector<float>> vectors);
    /// The answer of GET /v1/models.
    static Script models(std::vector<std::string> ids);
    /// Any status with a JSON body.
    static Script json(int status, std::string body);
    /// Any status, type and body. An empty body sends Content-Length: 0.
    static Script whole(int status, std::string contentType, std::string body);
    /// An error in OpenAI's form; type and code as OpenAI sends them for that status where empty.
    static Script error(int status, std::string code = {}, std::string message = {});
    /// 200 with an HTML page, as captive portals and proxies send.
    static Script html();
    /// Reads the request, never sends a byte, and leaves the connection open.
    static Script silence();
    /// Closes (FIN) once the request has come, without a byte.
    static Script hangUp();
    /// These very bytes, head and all, then what the ending says; nothing is added.
    static Script raw(std::string bytes);

    // --- the head

    [[nodiscard]] Script status(int code) const;
    [[nodiscard]] Script header(std::string name, std::string value) const;
    /// `count` further headers of `size` bytes each.
    [[nodiscard]] Script headerFlood(std::size_t count, std::size_t size) const;
    /// Content-Length says this, whatever the body has. Streams: sends Content-Length in place of chunks.
    [[nodiscard]] Script contentLength(std::size_t bytes) const;
    /// Neither Content-Length nor chunks: the body ends with the connection.
    [[nodiscard]] Script untilClose() const;

    // --- the content of a stream (answer() brings its own and takes these too)

    [[nodiscard]] Script role() const;
    /// One delta. Each call is an event, and a chunk, of its own.
    [[nodiscard]] Script text(std::string delta) const;
    /// The same delta that many times: made while sending, so that it may be huge.
    [[nodiscard]] Script repeat(std::string delta, std::size_t times) const;
    /// A whole tool call: opening delta, then its arguments in pieces of at most `pieceSize` bytes.
    [[nodiscard]] Script toolCall(std::string name, std::string arguments, std::string id = "call_fake1", std::size_t pieceSize = 8) const;
    /// The finishing chunk, usage as usagePlace() says, `[DONE]`.
    [[nodiscard]] Script finish(std::string reason = "stop") const;
    /// Any event: `event:` is left out where `name` is empty. Line feeds in `data` give several data: lines.
    [[nodiscard]] Script event(std::string data, std::string name = {}) const;
    /// A comment line.
    [[nodiscard]] Script comment(std::string text) const;
    /// An error in the stream, as OpenAI-compatible servers send it; finish() need not follow.
    [[nodiscard]] Script errorEvent(std::string message = "The server had an error", std::string type = "server_error") const;
    /// Bytes of the body as they are (streams: one chunk).
    [[nodiscard]] Script bytes(std::string body) const;
    /// The bytes of a recorded or written SSE file, whole, as the body of a stream.
    static Script recorded(std::string body, std::string contentType = "text/event-stream");

    // --- how the content is told

    [[nodiscard]] Script model(std::string name) const;      ///< in the answer; default: the one asked for
    [[nodiscard]] Script usage(int prompt, int completion) const; ///< default 9 and 3
    [[nodiscard]] Script cachedTokens(int count) const;      ///< prompt_tokens_details.cached_tokens
    [[nodiscard]] Script usagePlace(UsagePlace place) const; ///< whole answers: Nowhere leaves it out, all else is top-level
    [[nodiscard]] Script withoutDone() const;                ///< no `[DONE]` at the end
    [[nodiscard]] Script lineEnds(LineEnd end) const;
    [[nodiscard]] Script multiLineData() const;              ///< every JSON object over several data: lines
    [[nodiscard]] Script commentsBetween() const;            ///< a comment before every event
    [[nodiscard]] Script noSpace() const;                    ///< "data:{...}"
    [[nodiscard]] Script byteOrderMark() const;

    // --- how the bytes travel

    /// The body in chunks of that many bytes, their borders anywhere: inside UTF-8, inside "data:".
    [[nodiscard]] Script chunksOf(std::size_t bytes) const;
    /// Everything, head included, in writes of that many bytes with a pause between them.
    [[nodiscard]] Script writesOf(std::size_t bytes, std::chrono::microseconds pause = std::chrono::microseconds(0)) const;
    /// Waits here, before what follows. Before any content: before the body (see delayHead() for the head).
    [[nodiscard]] Script pause(std::chrono::milliseconds duration) const;
    [[nodiscard]] Script delayHead(std::chrono::milliseconds duration) const;
    /// Waits here until the test calls FakeProvider::release(): order without clocks.
    [[nodiscard]] Script hold() const;

    // --- how it ends

    /// Closes (FIN) here without the last chunk. A whole answer: after half of its body.
    [[nodiscard]] Script cut() const;
    /// As cut(), by RST.
    [[nodiscard]] Script reset() const;
    /// As cut(), in the middle of a chunk: its size is announced, half of it comes.
    [[nodiscard]] Script cutInChunk() const;
    /// Sends no more and leaves the connection open.
    [[nodiscard]] Script stall() const;
    /// Ends whole and closes at once, without `Connection: close`: a pooled connection that is stale.
    [[nodiscard]] Script thenClose() const;
    /// Ends whole, and closes when the next request arrives on that connection: stale in the nastiest way.
    [[nodiscard]] Script thenCloseOnNextRequest() const;
    /// Ends whole with `Connection: close` and closes.
    [[nodiscard]] Script connectionClose() const;

    [[nodiscard]] const detail::ScriptState &state() const { return *m_state; }

private:
    explicit Script(detail::ScriptState state);
    template <typename Change>
    [[nodiscard]] Script with(Change change) const;
    std::shared_ptr<const detail::ScriptState> m_state;
};

} // namespace support
