// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/body_words.h"

#include "gateway/core/cut_json.h"
#include "gateway/core/text.h"
#include "gateway/wire/body_texts.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/sse_parser.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace gateway::storage {

namespace {

using wire::BodyText;
using wire::Take;

constexpr std::size_t mediaLooked = 256; // shorter ones may be a word in no script with blanks
constexpr int deepestJson = 3;           // JSON in a text of JSON

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The key whose value a text is; empty: it is an array's element.
std::string_view keyBefore(std::string_view json, std::size_t text)
{
    std::size_t at = text < 1 ? 0 : text - 1; // of the opening quote
    while (at > 0 && isBlank(json[at - 1]))
        --at;
    if (at == 0 || json[at - 1] != ':')
        return {};
    --at;
    while (at > 0 && isBlank(json[at - 1]))
        --at;
    if (at == 0 || json[at - 1] != '"')
        return {};
    const std::size_t end = at - 1;
    const std::size_t begin = end == 0 ? std::string_view::npos : json.rfind('"', end - 1);
    return begin == std::string_view::npos ? std::string_view() : json.substr(begin + 1, end - begin - 1);
}

void addLine(std::string &words, std::string_view line)
{
    if (line.empty() || words.size() >= mostWords)
        return;
    if (!words.empty())
        words += '\n';
    words += truncatedUtf8(line, mostWords - words.size());
}

/// @return false: it is no JSON
bool addJson(std::string &words, std::string_view json, Take take, int depth)
{
    const auto texts = wire::bodyTexts(json, take);
    if (!texts)
        return false;
    for (const BodyText &text : *texts) {
        if (text.kind != BodyText::Kind::Text || text.role == wire::TextRole::AboutTheCall)
            continue;
        const std::string_view raw = json.substr(text.from, text.to - text.from);
        if (raw.size() >= mediaLooked && wire::isMedia(raw))
            continue;
        const std::string plain = wire::unescapeJson(raw);
        if (!text.isJson || depth >= deepestJson || !addJson(words, plain, Take::Data, depth + 1))
            addLine(words, plain);
    }
    return true;
}

/// An answer in pieces: those under one key, of one choice or block, are one text.
class Stream
{
public:
    void take(const wire::SseEvent &event)
    {
        if (!event.hasData || (event.type.starts_with("response.") && !event.type.ends_with(".delta")))
            return; // the Responses say all of it again as each part ends
        const auto texts = wire::bodyTexts(event.data, Take::Texts);
        if (!texts)
            return;
        for (const BodyText &text : *texts) {
            const std::string_view key = keyBefore(event.data, text.from);
            if (text.kind != BodyText::Kind::Text || key == "obfuscation" || m_bytes >= mostWords)
                continue;
            const std::string plain = wire::unescapeJson(event.data.substr(text.from, text.to - text.from));
            m_bytes += plain.size();
            of(placeOf(event.data), key, text.isJson).text += plain;
        }
    }

    [[nodiscard]] std::string words() const
    {
        std::string words;
        for (const Said &said : m_said) {
            if (!said.isJson || !addJson(words, closedJson(said.text), Take::Data, 1))
                addLine(words, said.text);
        }
        return words;
    }

private:
    struct Said
    {
        std::string place, key, text;
        bool isJson = false;
    };

    /// Which choice or block an event adds to.
    static std::string_view placeOf(std::string_view json)
    {
        constexpr std::string_view member = "\"index\":";
        std::size_t at = json.find(member);
        if (at == std::string_view::npos)
            return {};
        at += member.size();
        while (at < json.size() && isBlank(json[at]))
            ++at;
        const std::size_t end = std::min(json.find_first_not_of("0123456789", at), json.size());
        return json.substr(at, end - at);
    }

    Said &of(std::string_view place, std::string_view key, bool isJson)
    {
        constexpr std::size_t mostTexts = 256;
        const auto found = std::ranges::find_if(m_said, [&](const Said &said) { return said.place == place && said.key == key; });
        if (found != m_said.end())
            return *found;
        if (m_said.size() >= mostTexts)
            return m_said.back();
        return m_said.emplace_back(Said {.place = std::string(place), .key = std::string(key), .text = {}, .isJson = isJson});
    }

    std::vector<Said> m_said; ///< in the order in which they began
    std::size_t m_bytes = 0;
};

bool isStream(std::string_view body)
{
    return body.starts_with("data:") || body.starts_with("event:") || body.starts_with("id:") || body.starts_with(":");
}

std::string wordsOfStream(std::string_view body)
{
    Stream stream;
    wire::SseParser parser;
    wire::SseEvent event;
    parser.feed(body);
    while (parser.next(event) == wire::SseParser::Event)
        stream.take(event);
    if (parser.finish(event) == wire::SseParser::Event)
        stream.take(event);
    return stream.words();
}

} // namespace

std::string wordsOf(std::string_view body, bool cut)
{
    const std::string_view text = trimmed(body);
    if (text.empty())
        return {};
    if (isStream(text))
        return wordsOfStream(text);
    std::string words;
    const bool isJson = text.front() == '{' || text.front() == '[';
    if (isJson && (cut ? addJson(words, closedJson(text), Take::Texts, 0) : addJson(words, text, Take::Texts, 0)))
        return words;
    constexpr std::size_t looked = 4096;
    const std::string_view beginning = text.substr(0, looked);
    if (beginning.find('\0') != std::string_view::npos || wire::isMedia(beginning))
        return {}; // a file
    addLine(words, text);
    return words;
}

BodyWords bodyWords(const CapturedBodies &bodies)
{
    const auto wordsOfEither = [](const std::string &own, bool ownCut, const std::string &other, bool otherCut) { return own.empty() ? wordsOf(other, otherCut) : wordsOf(own, ownCut); };
    return {.asked = wordsOfEither(bodies.request, bodies.requestCut, bodies.sent, bodies.sentCut), .answered = wordsOfEither(bodies.answer, bodies.answerCut, bodies.received, bodies.receivedCut)};
}

} // namespace gateway::storage
