// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/canonical_json.h"

#include "gateway/wire/json_cursor.h"

#include <algorithm>

namespace gateway::wire {

namespace {

/// A container whose form is longer is written as its digest.
constexpr std::size_t longestForm = 256;

void appendLength(std::string &out, std::size_t length)
{
    for (; length >= 0x80; length >>= 7)
        out += static_cast<char>(0x80 | (length & 0x7f));
    out += static_cast<char>(length);
}

/// Whether the escapes of a string have one meaning, the one that unescapeJson() gives them: half a surrogate pair becomes
/// U+FFFD there, which another string may have by itself. Pairs count as written too, which costs no more than a miss.
bool hasPlainEscapes(std::string_view raw)
{
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    for (std::size_t at = raw.find('\\'); at != std::string_view::npos; at = raw.find('\\', at)) {
        const std::string_view rest = raw.substr(at + 1);
        if (rest.empty())
            return false;
        if (rest[0] != 'u') {
            if (std::string_view("\"\\/bfnrt").find(rest[0]) == std::string_view::npos)
                return false;
            at += 2;
            continue;
        }
        if (rest.size() < 5 || !std::ranges::all_of(rest.substr(1, 4), isHex))
            return false;
        if ((rest[1] == 'd' || rest[1] == 'D') && !(rest[2] >= '0' && rest[2] <= '7'))
            return false;
        at += 6;
    }
    return true;
}

} // namespace

class CanonicalJson::Writer
{
public:
    Writer(CanonicalJson &owner, std::string_view json, const Omit &omit, std::string &out) : m_owner(owner), m_cursor(json), m_omit(omit), m_out(out) {}

    bool run() { return value() && m_cursor.atEnd(); }

private:
    bool value()
    {
        const JsonCursor::Type type = m_cursor.type(); // stands on the value's first byte now
        if (!m_omit.value.empty() && m_cursor.offset() == m_omit.value.from) {
            m_out += 'x';
            return m_cursor.skip();
        }
        switch (type) {
        case JsonCursor::Type::Object: return container(&Writer::object);
        case JsonCursor::Type::Array: return container(&Writer::array);
        case JsonCursor::Type::String: return string();
        case JsonCursor::Type::Number:
        case JsonCursor::Type::Bool:
        case JsonCursor::Type::Null: return scalar();
        case JsonCursor::Type::None: return false;
        }
        return false;
    }

    bool scalar()
    {
        std::string_view raw;
        if (!m_cursor.skip(raw))
            return false;
        text('n', raw);
        return true;
    }

    bool string()
    {
        std::string_view raw;
        if (!m_cursor.string(raw))
            return false;
        text(raw);
        return true;
    }

    void text(std::string_view raw)
    {
        if (raw.find('\\') == std::string_view::npos)
            text('s', raw);
        else if (hasPlainEscapes(raw))
            text('s', unescapeJson(raw));
        else
            text('r', raw);
    }

    void text(char kind, std::string_view bytes)
    {
        m_out += kind;
        appendLength(m_out, bytes.size());
        m_out += bytes;
    }

    bool container(bool (Writer::*write)())
    {
        if (++m_depth > JsonCursor::maxDepth)
            return false;
        const std::size_t from = m_out.size();
        if (!(this->*write)())
            return false;
        --m_depth;
        if (m_out.size() - from <= longestForm)
            return true;
        const KeyHasher::Digest digest = m_owner.m_hasher.hash(std::string_view(m_out).substr(from));
        m_out.resize(from);
        m_out += 'h';
        m_out.append(reinterpret_cast<const char *>(digest.data()), digest.size());
        return true;
    }

    bool array()
    {
        m_out += '[';
        const bool good = m_cursor.elements([this] { return value(); });
        m_out += ']';
        return good;
    }

    bool object()
    {
        const bool top = m_depth == 1;
        const std::size_t firstPart = m_owner.m_parts.size();
        m_out += '{';
        const std::size_t from = m_out.size();
        const bool good = m_cursor.members([&](std::string_view rawName) { return member(rawName, top); });
        if (!good)
            return false;
        sortMembers(firstPart, from);
        m_owner.m_parts.resize(firstPart);
        m_out += '}';
        return true;
    }

    bool member(std::string_view rawName, bool top)
    {
        const auto isIt = [&](std::string_view omitted) { return jsonStringIs(rawName, omitted); };
        if (top && std::ranges::any_of(m_omit.members, isIt))
            return m_cursor.skip();
        const std::size_t start = m_out.size();
        text(rawName);
        const std::size_t end = m_out.size();
        if (!value())
            return false;
        m_owner.m_parts.push_back({.start = start, .nameEnd = end, .end = m_out.size()});
        return true;
    }

    /// Puts the members of an object in the order of their names, which its writer did not choose.
    void sortMembers(std::size_t firstPart, std::size_t from)
    {
        const std::span<Part> parts = std::span(m_owner.m_parts).subspan(firstPart);
        const auto before = [this](const Part &a, const Part &b) {
            const int order = nameOf(a).compare(nameOf(b));
            return order < 0 || (order == 0 && a.start < b.start);
        };
        if (std::ranges::is_sorted(parts, before))
            return;
        std::ranges::sort(parts, before);
        std::string &sorted = m_owner.m_scratch;
        sorted.clear();
        for (const Part &part : parts)
            sorted.append(m_out, part.start, part.end - part.start);
        m_out.replace(from, std::string::npos, sorted);
    }

    [[nodiscard]] std::string_view nameOf(const Part &part) const { return std::string_view(m_out).substr(part.start, part.nameEnd - part.start); }

    CanonicalJson &m_owner;
    JsonCursor m_cursor;
    const Omit &m_omit;
    std::string &m_out;
    std::size_t m_depth = 0;
};

bool CanonicalJson::append(std::string_view json, const Omit &omit, std::string &out)
{
    m_parts.clear();
    return Writer(*this, json, omit, out).run();
}

} // namespace gateway::wire
