// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/restorer.h"

#include "gateway/privacy/characters.h"
#include "gateway/privacy/json_text.h"

#include <algorithm>

namespace gateway::privacy {

namespace {

/// RFC 3986: all but what is unreserved.
std::string percentEncoded(std::string_view text)
{
    static constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (isAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        }
    }
    return out;
}

std::string htmlEscaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '&': out += "&amp;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
    return out;
}

/// How often JSON escaped a `<` that has so many backslashes before its u: each time doubles them.
int escapesOf(std::size_t slashes)
{
    return slashes == 0 ? 0 : slashes == 1 ? 1 : slashes <= 3 ? 2 : 3;
}

} // namespace

void Restorer::appendValue(std::string &out, const PlaceholderText &placeholder, const std::string &value) const
{
    const int times = std::max(static_cast<int>(m_inside), escapesOf(placeholder.slashes));
    switch (placeholder.brackets) {
    case Brackets::Percent: out += percentEncoded(value); break;
    case Brackets::Html: out += jsonEscaped(htmlEscaped(value), times); break;
    case Brackets::Plain:
    case Brackets::Json: out += jsonEscaped(value, times); break;
    }
}

/// @param ends  nothing comes behind the text
/// @return how much of it is done with
std::size_t Restorer::restoreInto(std::string &out, std::string_view text, bool ends) const
{
    constexpr std::string_view openers = "<\\%&";
    std::size_t done = 0;
    while (done < text.size()) {
        const std::size_t open = m_map.empty() ? std::string_view::npos : text.find_first_of(openers, done);
        out.append(text, done, open == std::string_view::npos ? open : open - done);
        if (open == std::string_view::npos)
            return text.size();
        const PlaceholderText placeholder = readPlaceholder(text.substr(open));
        const std::string *value = placeholder.is == PlaceholderText::Is::Whole ? m_map.valueOf(placeholder.name) : nullptr;
        if (value != nullptr) {
            appendValue(out, placeholder, *value);
            done = open + placeholder.size;
        } else if (placeholder.is == PlaceholderText::Is::Begun && !ends && m_map.anyBeginsWith(placeholder.name)) {
            return open;
        } else {
            out += text[open];
            done = open + 1;
        }
    }
    return done;
}

void Restorer::feed(std::string_view piece, std::string &out)
{
    if (m_held.empty()) {
        m_held.assign(piece.substr(restoreInto(out, piece, false)));
        return;
    }
    m_held += piece;
    const std::size_t done = restoreInto(out, m_held, false);
    m_held.erase(0, done);
}

void Restorer::finish(std::string &out)
{
    (void)restoreInto(out, m_held, true);
    m_held.clear();
}

std::string Restorer::restored(const PlaceholderMap &map, std::string_view text, Inside inside)
{
    std::string out;
    Restorer restorer(map, inside);
    (void)restorer.restoreInto(out, text, true);
    return out;
}

} // namespace gateway::privacy
