// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/body_texts.h"

#include "gateway/wire/json_cursor.h"

#include <algorithm>
#include <array>

namespace gateway::wire {

namespace {

using Type = JsonCursor::Type;

/// Strings that are left as they are, sorted.
constexpr std::array untouched {
    std::string_view("authorization"),          // what a tool's server wants to see, and no model does
    std::string_view("cache_control"),
    std::string_view("cachedContent"),          // an id
    std::string_view("detail"),                 // from here on words of the API: the provider refuses others
    std::string_view("effort"),
    std::string_view("encoding_format"),
    std::string_view("encrypted_content"),      // sealed by the provider: another byte breaks it
    std::string_view("fileUri"),                // an address: who fetches it needs it as it is
    std::string_view("file_uri"),
    std::string_view("file_url"),
    std::string_view("finishReason"),
    std::string_view("finish_reason"),
    std::string_view("format"),
    std::string_view("id"),                     // the provider or the caller finds something by it
    std::string_view("image_url"),              // an address, or media
    std::string_view("media_type"),
    std::string_view("mimeType"),
    std::string_view("mime_type"),
    std::string_view("model"),                  // the route
    std::string_view("modelVersion"),
    std::string_view("name"),                   // of tools and functions: answers name them again; of who speaks see below
    std::string_view("object"),
    std::string_view("prompt_cache_key"),       // an id
    std::string_view("role"),
    std::string_view("service_tier"),
    std::string_view("signature"),              // sealed
    std::string_view("status"),
    std::string_view("stop_reason"),
    std::string_view("system_fingerprint"),
    std::string_view("thoughtSignature"),       // sealed
    std::string_view("thought_signature"),
    std::string_view("type"),
    std::string_view("uri"),                    // an address
    std::string_view("url"),
    std::string_view("voice"),
};
static_assert(std::ranges::is_sorted(untouched));

/// Values of these, whatever they are, are left as they are: names of models, what belongs to a tool's server, vectors.
constexpr std::array untouchedWhole {std::string_view("embedding"), std::string_view("embeddings"), std::string_view("fallbacks"), std::string_view("headers"), std::string_view("models")};

/// Media, or a text: what it looks like tells.
constexpr std::array maybeMedia {std::string_view("audio"), std::string_view("b64_json"), std::string_view("bytes"), std::string_view("data"), std::string_view("file_data"),
                                 std::string_view("image"), std::string_view("images"), std::string_view("partial_image_b64")};

/// Objects that are the caller's own data: each string is a text, and so are keys.
constexpr std::array ownData {std::string_view("args"),      std::string_view("arguments"), std::string_view("documents"),         std::string_view("input"),    std::string_view("json"),
                              std::string_view("metadata"),  std::string_view("response"),  std::string_view("signalbox"), std::string_view("structuredContent"), std::string_view("variables")};

/// JSON Schemas: what they describe is a text, their grammar is none.
constexpr std::array schemas {std::string_view("input_schema"), std::string_view("json_schema"), std::string_view("parameters"), std::string_view("parametersJsonSchema"), std::string_view("responseJsonSchema"),
                              std::string_view("responseSchema"), std::string_view("schema")};
constexpr std::array grammar {std::string_view("$id"), std::string_view("$ref"), std::string_view("$schema"), std::string_view("format"), std::string_view("name"), std::string_view("pattern"), std::string_view("required"),
                              std::string_view("type")};

constexpr std::array conversations {std::string_view("contents"), std::string_view("input"), std::string_view("messages"), std::string_view("prompt")};
constexpr std::array instructions {std::string_view("instructions"), std::string_view("system"), std::string_view("systemInstruction"), std::string_view("system_instruction")};
constexpr std::array turns {std::string_view("input"), std::string_view("messages")};
constexpr std::array aboutTheCall {std::string_view("metadata"), std::string_view("safety_identifier"), std::string_view("signalbox"), std::string_view("user")};
constexpr std::array jsonTexts {std::string_view("arguments"), std::string_view("partial_json")};

constexpr int turnDepth = 3;           ///< of the members of a turn: in an object, in an array, in the body
constexpr std::size_t leastDigits = 9; ///< of a number that may be somebody's

template <std::size_t size>
bool isOneOf(const std::array<std::string_view, size> &words, std::string_view word)
{
    return std::ranges::find(words, word) != words.end();
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// "tool_call_id", "fileId"
bool isId(std::string_view key)
{
    return key.ends_with("_id") || key.ends_with("Id");
}

class Walk
{
public:
    Walk(std::string_view body, Take take) : m_body(body), m_json(body), m_take(take) {}

    bool all()
    {
        if (!value({}, m_take == Take::Data ? Area::Data : Area::Api, {}))
            return false;
        return m_json.atEnd();
    }
    std::vector<BodyText> texts {};

private:
    enum class Area : std::uint8_t { Api, Schema, Data };
    /// Where a value stands.
    struct Place
    {
        bool inMessage = false; ///< a member of one of a chat's messages
        bool element = false;   ///< of an array
        bool message = false;   ///< one of a chat's messages
        bool turn = false;      ///< one of them, or an item of what Responses are asked
    };

    void put(std::string_view raw, BodyText::Kind kind, std::string_view about, bool isJson = false)
    {
        if (raw.empty())
            return;
        const auto from = static_cast<std::size_t>(raw.data() - m_body.data());
        texts.push_back({.from = from, .to = from + raw.size(), .kind = kind, .isJson = isJson, .about = about, .rank = m_rank, .role = m_role});
    }

    [[nodiscard]] bool isLeftAlone(std::string_view key, Area area, Place place, std::string_view raw) const
    {
        if (m_take == Take::All)
            return false;
        if (area == Area::Data)
            return false;
        if (area == Area::Schema)
            return isOneOf(grammar, key);
        if (key == "name" && place.inMessage)
            return false; // who says a message: models are told
        if (isOneOf(maybeMedia, key))
            return isMedia(raw);
        return std::ranges::binary_search(untouched, key) || isId(key);
    }

    bool string(std::string_view key, Area area, Place place)
    {
        std::string_view raw;
        if (!m_json.string(raw))
            return false;
        if (key == "role" && m_depth == turnDepth)
            m_speaker = raw;
        if (!isLeftAlone(key, area, place, raw))
            put(raw, BodyText::Kind::Text, area == Area::Data ? key : std::string_view(), isOneOf(jsonTexts, key));
        return true;
    }

    bool number(std::string_view key, Area area)
    {
        std::string_view raw;
        if (!m_json.skip(raw))
            return false;
        if (area == Area::Data && m_take != Take::All && raw.size() >= leastDigits && std::ranges::all_of(raw, isDigit))
            put(raw, BodyText::Kind::Number, key);
        return true;
    }

    [[nodiscard]] Area within(std::string_view key, Area area, bool object) const
    {
        const bool top = m_depth == 2;
        if (area != Area::Api)
            return area;
        if (isOneOf(schemas, key))
            return Area::Schema;
        if (key == "response" && top) // an event's, and no function's
            return area;
        return isOneOf(ownData, key) && (object || key == "documents") ? Area::Data : area;
    }

    /// What is said by the system or a developer is an instruction, wherever its role stands.
    bool turn(Area area, Place place)
    {
        const std::size_t first = texts.size();
        m_speaker = {};
        const bool went = object(area, place.message);
        if (m_speaker == "system" || m_speaker == "developer")
            std::for_each(texts.begin() + static_cast<std::ptrdiff_t>(first), texts.end(), [](BodyText &text) { text.role = TextRole::Instruction; });
        return went;
    }

    void beginMember(std::string_view key)
    {
        m_rank = isOneOf(conversations, key) ? 1 : isOneOf(aboutTheCall, key) ? 2 : 0;
        m_role = isOneOf(instructions, key) ? TextRole::Instruction : m_rank == 2 ? TextRole::AboutTheCall : TextRole::Said;
    }

    bool object(Area area, bool message)
    {
        const bool top = m_depth == 1;
        return m_json.members([&](std::string_view key) {
            if (area == Area::Data || m_take == Take::All)
                put(key, BodyText::Kind::Key, {});
            if (top)
                beginMember(key);
            if (m_take == Take::Texts && area == Area::Api && isOneOf(untouchedWhole, key))
                return m_json.skip();
            return value(key, area, {.inMessage = message});
        });
    }

    /// @param key  of the nearest object that the value is in
    bool value(std::string_view key, Area area, Place place)
    {
        const Type type = m_json.type();
        switch (type) {
        case Type::String: return string(key, area, place);
        case Type::Number: return number(key, area);
        case Type::Object:
        case Type::Array: break;
        default: return m_json.skip();
        }
        if (++m_depth > static_cast<int>(JsonCursor::maxDepth))
            return false;
        const Area inner = place.element ? area : within(key, area, type == Type::Object);
        const Place element {.element = true, .message = key == "messages" && m_depth == turnDepth - 1, .turn = isOneOf(turns, key) && m_depth == turnDepth - 1};
        const bool went = type == Type::Array ? m_json.elements([&] { return value(key, inner, element); }) : place.turn ? turn(inner, place) : object(inner, place.message);
        --m_depth;
        return went;
    }

    std::string_view m_body;
    JsonCursor m_json;
    Take m_take;
    int m_depth = 0;
    std::uint8_t m_rank = 0;
    TextRole m_role = TextRole::Said;
    std::string_view m_speaker {}; ///< of the turn that is being read
};

bool isOfBase64(char c)
{
    return isDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
}

} // namespace

bool isMedia(std::string_view text)
{
    constexpr std::size_t looked = 1024, leastMedia = 64, longestHead = 128;
    if (text.starts_with("data:") && text.substr(0, longestHead).find(";base64,") != std::string_view::npos)
        return true;
    std::size_t at = 0;
    for (const std::size_t end = std::min(text.size(), looked); at < end; ++at) {
        if (isOfBase64(text[at]))
            continue;
        if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '/' || text[at + 1] == 'n' || text[at + 1] == 'r')) // as some write it in JSON
            ++at;
        else
            return false;
    }
    return text.size() >= leastMedia;
}

std::optional<std::vector<BodyText>> bodyTexts(std::string_view json, Take take)
{
    Walk walk(json, take);
    if (!walk.all())
        return std::nullopt;
    return std::move(walk.texts);
}

} // namespace gateway::wire
