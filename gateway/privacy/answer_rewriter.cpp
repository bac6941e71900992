// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/answer_rewriter.h"

#include "gateway/core/text.h"
#include "gateway/wire/media_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace gateway::privacy {

namespace {

constexpr std::string_view white = " \t\r\n";

bool isJson(std::string_view type)
{
    return type == "application/json" || type.ends_with("+json") || type.empty();
}

bool isLines(std::string_view type)
{
    constexpr std::array known {std::string_view("application/x-ndjson"), std::string_view("application/ndjson"), std::string_view("application/jsonl"), std::string_view("application/x-jsonlines"),
                                std::string_view("application/jsonlines")};
    return std::ranges::find(known, type) != known.end();
}

bool contains(wire::Span span, const BodyText &text)
{
    return text.from >= span.from && text.to <= span.to && !span.empty();
}

std::int64_t numberOf(std::string_view digits)
{
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

} // namespace

/// The texts that are there at once.
Result<> AnswerRewriter::jsonTexts(std::string_view json, const AnswerEvent &event, bool inStream, std::vector<Edit> &edits)
{
    const auto texts = bodyTexts(json, m_changes.takes());
    if (!texts)
        return fail(ErrorCode::Malformed, "it is no JSON.");
    std::string out;
    for (const BodyText &text : *texts) {
        if (text.kind == BodyText::Kind::Number || std::ranges::any_of(event.pieces, [&](const EventPiece &piece) { return contains(piece.raw, text); }))
            continue;
        const std::string_view raw = json.substr(text.from, text.to - text.from);
        out.clear();
        const Result<> changed = m_changes.whole(raw, text.isJson ? Inside::JsonInString : Inside::Json, inStream && m_inPieces, out);
        if (!changed)
            return changed;
        if (out != raw)
            edits.push_back({text.from, text.to, out});
    }
    return {};
}

Result<> AnswerRewriter::unreadable(std::string_view bytes, std::string &out)
{
    if (m_changes.isStrict())
        return fail(ErrorCode::PolicyUnavailable, "The answer cannot be read, so that nobody can say whether the privacy policy lets it through.");
    m_lost = true;
    out += bytes;
    return {};
}

Result<> AnswerRewriter::whole(std::string_view body, std::string_view contentType, std::string &out)
{
    const std::string type = wire::plainMediaType(contentType);
    if (isJson(type)) {
        std::vector<Edit> edits;
        const Result<> changed = jsonTexts(body, {}, false, edits);
        if (changed) {
            out += edits.empty() ? std::string(body) : edited(body, edits);
            return {};
        }
        if (changed.error().code != ErrorCode::Malformed)
            return changed;
        return m_changes.whole(body, Inside::Text, false, out); // a text, whatever it calls itself
    }
    if (type == "text/event-stream" || isLines(type)) {
        begin(contentType);
        const Result<> fed = piece(body, out);
        return fed ? finish(out) : fed;
    }
    if (wire::isText(type))
        return m_changes.whole(body, Inside::Text, false, out);
    out += body;
    return {};
}

void AnswerRewriter::begin(std::string_view contentType)
{
    m_type = wire::plainMediaType(contentType);
    if (m_type == "text/event-stream")
        m_framing = Framing::Events;
    else if (isJson(m_type))
        m_framing = Framing::Json;
    else if (isLines(m_type))
        m_framing = Framing::Lines;
    else
        m_framing = wire::isText(m_type) ? Framing::Text : Framing::Opaque;
    if (m_framing == Framing::Text)
        m_text = m_changes.begin(Inside::Text);
}

Result<> AnswerRewriter::piece(std::string_view bytes, std::string &out)
{
    if (m_lost || m_framing == Framing::Opaque) {
        out += bytes;
        return {};
    }
    switch (m_framing) {
    case Framing::Events: m_events.feed(bytes); return takeEvents(out);
    case Framing::Json: return takeElements(bytes, out);
    case Framing::Lines: m_lines.feed(bytes); return takeLines(out);
    case Framing::Text: return m_text->feed(bytes, out);
    default: m_body += bytes; return {};
    }
}

Result<> AnswerRewriter::takeEvents(std::string &out)
{
    wire::SseEvent event;
    for (;;) {
        const auto next = m_events.next(event);
        if (next == wire::SseParser::TooLarge)
            return unreadable({}, out);
        if (next == wire::SseParser::NeedMore)
            return {};
        if (Result<> took = take(event, out); !took)
            return took;
    }
}

Result<> AnswerRewriter::take(const wire::SseEvent &event, std::string &out)
{
    if (!event.hasData) {
        out += event.raw;
        return {};
    }
    const std::string_view data = event.data;
    if (!data.starts_with('{')) { // [DONE], or what nobody knows
        Result<> ended = endAll(out);
        out += event.raw;
        return ended;
    }
    const bool inPlace = data.data() >= event.raw.data() && data.data() + data.size() <= event.raw.data() + event.raw.size();
    if (inPlace) {
        const auto from = static_cast<std::size_t>(data.data() - event.raw.data());
        return take(data, {.before = event.raw.substr(0, from), .after = event.raw.substr(from + data.size())}, out);
    }
    std::string joined(data); // of several lines
    std::ranges::replace(joined, '\n', ' ');
    const std::string before = event.type.empty() ? std::string("data: ") : "event: " + std::string(event.type) + "\ndata: ";
    return take(joined, {.before = before, .after = "\n\n"}, out);
}

/// An array of objects, as far as it has come. What begins as something else is a body.
Result<> AnswerRewriter::takeElements(std::string_view bytes, std::string &out)
{
    if (!m_isArray) {
        const std::size_t first = m_body.empty() ? bytes.find_first_not_of(white) : 0;
        if (first == std::string_view::npos) {
            out += bytes; // a sign of life
            return {};
        }
        m_body += bytes.substr(first);
        const std::size_t inner = m_body.find_first_not_of(white, 1);
        if (m_body.front() != '[' || (inner != std::string::npos && m_body[inner] != '{' && m_body[inner] != ']')) {
            m_framing = Framing::Body;
            return {};
        }
        if (inner == std::string::npos) {
            out += bytes.substr(0, first);
            return {};
        }
        m_isArray = true;
    } else if (bytes.find_first_not_of(white) == std::string_view::npos && m_elements.buffered() == 0) {
        out += bytes;
        return {};
    }
    const std::string begun = std::exchange(m_body, {});
    m_elements.feed(begun.empty() ? bytes : std::string_view(begun));
    for (std::string_view element;;) {
        const auto next = m_elements.next(element);
        if (next == wire::JsonArrayParser::NeedMore)
            break;
        if (next != wire::JsonArrayParser::Element)
            return unreadable({}, out);
        if (Result<> took = take(element, {}, out); !took)
            return took;
    }
    if (m_elements.whole()) {
        if (Result<> ended = endAll(out); !ended)
            return ended;
        out += m_first ? "[]" : "]";
        m_lost = true; // nothing follows but white space
    }
    return {};
}

Result<> AnswerRewriter::takeLines(std::string &out)
{
    for (std::string_view line;;) {
        const auto next = m_lines.next(line);
        if (next == wire::LineParser::TooLarge)
            return unreadable({}, out);
        if (next == wire::LineParser::NeedMore)
            return {};
        if (Result<> took = take(line, {.after = "\n"}, out); !took)
            return took;
    }
}

Result<> AnswerRewriter::take(std::string_view json, Around around, std::string &out)
{
    const AnswerEvent event = readAnswerEvent(json);
    m_inPieces = m_inPieces || !event.pieces.empty();
    if (Result<> ended = m_channels.size() < mostChannels ? endChannels(event, out) : endAll(out); !ended)
        return ended;
    std::vector<Edit> edits;
    for (const EventPiece &piece : event.pieces) {
        if (Result<> took = takePiece(piece, json, event, around, edits); !took)
            return took;
    }
    if (Result<> changed = jsonTexts(json, event, true, edits); !changed) {
        if (changed.error().code != ErrorCode::Malformed || m_changes.isStrict())
            return changed.error().code == ErrorCode::Malformed ? unreadable({}, out) : changed;
        edits.clear();
    }
    if (!event.sequence.empty()) {
        m_sequence = numberOf(event.sequence.in(json)) + m_added;
        if (m_added > 0)
            edits.push_back({event.sequence.from, event.sequence.to, std::to_string(m_sequence)});
    }
    std::ranges::sort(edits, {}, &Edit::from);
    if (edits.empty())
        emit(around.before, json, around.after, out);
    else
        emit(around.before, edited(json, edits), around.after, out);
    return {};
}

Result<> AnswerRewriter::takePiece(const EventPiece &piece, std::string_view json, const AnswerEvent &event, Around around, std::vector<Edit> &edits)
{
    const auto place = m_channels.try_emplace(piece.channel).first;
    Channel &channel = place->second;
    if (!channel.change)
        channel.change = m_changes.begin(piece.inside);
    const std::string_view raw = piece.raw.in(json);
    std::string out;
    Result<> fed = channel.change->feed(raw, out);
    const bool more = std::ranges::any_of(event.pieces, [&](const EventPiece &other) { return other.raw.from > piece.raw.from && other.channel == piece.channel; });
    if (fed && piece.last && !more)
        fed = channel.change->finish(out);
    if (!fed)
        return fed;
    if (out != raw)
        edits.push_back({piece.raw.from, piece.raw.to, std::move(out)});
    if (piece.last && !more)
        m_channels.erase(place);
    else if (channel.change->holds())
        channel = {.change = std::move(channel.change), .before = std::string(around.before), .json = std::string(json), .after = std::string(around.after), .place = piece.raw, .event = event};
    return {};
}

/// Texts that end before this event, or with it and without another piece.
Result<> AnswerRewriter::endChannels(const AnswerEvent &event, std::string &out)
{
    if (event.endsAll)
        return endAll(out);
    for (const std::string &beginning : event.ends) {
        for (auto channel = m_channels.lower_bound(beginning); channel != m_channels.end() && channel->first.starts_with(beginning);) {
            const auto here = channel++;
            if (std::ranges::any_of(event.pieces, [&](const EventPiece &piece) { return piece.channel == here->first; }))
                continue;
            if (Result<> ended = end(here, out); !ended)
                return ended;
        }
    }
    return {};
}

Result<> AnswerRewriter::end(Channels::iterator place, std::string &out)
{
    Channel channel = std::move(place->second);
    m_channels.erase(place);
    std::string left;
    if (Result<> finished = channel.change->finish(left); !finished)
        return finished;
    if (left.empty() || channel.json.empty())
        return {};
    std::vector<Edit> edits;
    if (Result<> changed = jsonTexts(channel.json, channel.event, true, edits); !changed)
        return changed;
    for (const EventPiece &each : channel.event.pieces) // what it said beside this is not to be said twice
        edits.push_back({each.raw.from, each.raw.to, each.raw == channel.place ? std::move(left) : std::string()});
    if (const wire::Span sequence = channel.event.sequence; !sequence.empty()) {
        ++m_added;
        edits.push_back({sequence.from, sequence.to, std::to_string(++m_sequence)});
    }
    std::ranges::sort(edits, {}, &Edit::from);
    emit(channel.before, edited(channel.json, edits), channel.after, out);
    return {};
}

Result<> AnswerRewriter::endAll(std::string &out)
{
    while (!m_channels.empty()) {
        if (Result<> ended = end(m_channels.begin(), out); !ended)
            return ended;
    }
    return {};
}

void AnswerRewriter::emit(std::string_view before, std::string_view json, std::string_view after, std::string &out)
{
    if (m_isArray) {
        out += std::exchange(m_first, false) ? "[" : ",\r\n";
        out += json;
        return;
    }
    out += before;
    out += json;
    out += after;
}

Result<> AnswerRewriter::finish(std::string &out)
{
    Result<> done;
    if (m_lost)
        return done;
    switch (m_framing) {
    case Framing::Events: {
        wire::SseEvent event;
        while (done && m_events.finish(event) == wire::SseParser::Event) {
            if (event.hasData && event.data.starts_with('{') && bodyTexts(event.data, Take::All))
                done = take(event, out);
            else if (!m_changes.isStrict() || !event.hasData)
                out += event.raw;
        }
        break;
    }
    case Framing::Lines: {
        std::string_view line;
        while (done && m_lines.finish(line) == wire::LineParser::Line) {
            if (bodyTexts(line, Take::All))
                done = take(line, {}, out);
            else if (!m_changes.isStrict())
                out += line;
        }
        break;
    }
    case Framing::Text: return m_text->finish(out);
    case Framing::Body:
    case Framing::Json: {
        if (m_body.empty())
            break;
        const std::string body = std::exchange(m_body, {});
        return whole(body, m_type, out);
    }
    default: return done;
    }
    return done ? endAll(out) : done;
}

} // namespace gateway::privacy
