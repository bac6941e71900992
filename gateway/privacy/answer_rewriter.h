// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/privacy/answer_changes.h"
#include "gateway/privacy/answer_event.h"
#include "gateway/wire/json_array_parser.h"
#include "gateway/wire/line_parser.h"
#include "gateway/wire/sse_parser.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// Changes the texts of an answer and leaves every other byte as it is: of a whole answer, or of a stream that comes in
/// pieces cut anywhere, of any API (answer_event.h). Texts that go over several events are changed as one. Of a stream no
/// more waits than the event that has not come to its end, and what a TextChange holds of a text; what that has left when the text
/// ends goes on as an event of its own, made like the last one of that text. Not thread-safe.
class AnswerRewriter
{
public:
    /// @param changes  outlives this
    explicit AnswerRewriter(AnswerChanges &changes) : m_changes(changes) {}

    /// A whole answer. @param contentType  of it
    Result<> whole(std::string_view body, std::string_view contentType, std::string &out);

    /// Begins a stream.
    void begin(std::string_view contentType);
    [[nodiscard]] bool hasBegun() const { return m_framing != Framing::None; }
    Result<> piece(std::string_view bytes, std::string &out);
    /// The stream ends here. What of it cannot be read goes on only if the changes are not strict.
    Result<> finish(std::string &out);

private:
    enum class Framing : std::uint8_t {
        None,
        Events, ///< server-sent
        Json,   ///< an array of objects (Gemini's), or not known yet
        Body,   ///< other JSON: one body, however it comes
        Lines,  ///< of JSON
        Text,
        Opaque  ///< no text
    };
    /// What stands around an event's JSON.
    struct Around
    {
        std::string_view before {}, after {};
    };
    /// A text that comes in pieces.
    struct Channel
    {
        std::unique_ptr<TextChange> change;
        // Its last event, for what is left at its end:
        std::string before {}, json {}, after {};
        wire::Span place {};
        AnswerEvent event {};
    };
    using Channels = std::map<std::string, Channel, std::less<>>;

    Result<> jsonTexts(std::string_view json, const AnswerEvent &event, bool inStream, std::vector<Edit> &edits);
    Result<> takeEvents(std::string &out);
    Result<> takeElements(std::string_view bytes, std::string &out);
    Result<> takeLines(std::string &out);
    Result<> take(const wire::SseEvent &event, std::string &out);
    Result<> take(std::string_view json, Around around, std::string &out);
    Result<> takePiece(const EventPiece &piece, std::string_view json, const AnswerEvent &event, Around around, std::vector<Edit> &edits);
    Result<> endChannels(const AnswerEvent &event, std::string &out);
    Result<> end(Channels::iterator channel, std::string &out);
    Result<> endAll(std::string &out);
    void emit(std::string_view before, std::string_view json, std::string_view after, std::string &out);
    [[nodiscard]] Result<> unreadable(std::string_view bytes, std::string &out);

    static constexpr std::size_t longestEvent = 64 * 1024 * 1024;
    static constexpr std::size_t mostChannels = 4096; ///< an answer with more texts under way at once is a peer's mischief

    AnswerChanges &m_changes;
    Framing m_framing = Framing::None;
    std::string m_type;
    wire::SseParser m_events {longestEvent};
    wire::JsonArrayParser m_elements {longestEvent};
    wire::LineParser m_lines {longestEvent};
    std::unique_ptr<TextChange> m_text; ///< Framing::Text
    std::string m_body;                 ///< Framing::Body; of Json what has come before it is known
    bool m_isArray = false;
    bool m_first = true;                ///< no element has gone on yet
    bool m_lost = false;                ///< no longer read: all that comes goes on as it is
    Channels m_channels;
    bool m_inPieces = false;            ///< some text has come so
    std::int64_t m_sequence = 0;        ///< of the last event that went on
    std::int64_t m_added = 0;           ///< events of its own
};

} // namespace gateway::privacy
