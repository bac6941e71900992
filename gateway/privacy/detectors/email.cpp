// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

/// RFC 5321 addresses as they are written in texts: no quoted local parts, no address literals.
namespace gateway::privacy {

namespace {

constexpr std::size_t longestLocal = 64, longestDomain = 255, longestLabel = 63;

bool isLocal(char c)
{
    return isWord(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '\'';
}

std::size_t localBegin(std::string_view text, std::size_t sign)
{
    std::size_t from = sign;
    while (from > 0 && sign - from <= longestLocal && isLocal(text[from - 1]))
        --from;
    while (from < sign && !isWord(text[from]) && text[from] != '_')
        ++from;
    return from;
}

/// Whether the label can be the last one: letters alone, or punycode.
bool isTopLevel(std::string_view label)
{
    if (label.starts_with("xn--"))
        return true;
    for (const char c : label) {
        if (!isWord(c) || isDigit(c))
            return false;
    }
    return label.size() >= 2 && label.size() <= 24;
}

/// Where the domain ends that begins at `from`; `from`: there is none.
std::size_t domainEnd(std::string_view text, std::size_t from)
{
    std::size_t end = from, labels = 0;
    bool lowerCase = true;
    for (std::size_t at = from; at < text.size() && at - from < longestDomain;) {
        std::size_t to = at;
        while (to < text.size() && to - at <= longestLabel && (isWord(text[to]) || (text[to] == '-' && to > at)))
            ++to;
        const std::string_view label = text.substr(at, to - at);
        // "anna@firma.de.Bitte": a sentence that goes on without a space is no part of the address.
        const bool sentence = labels >= 2 && lowerCase && !label.empty() && isUpper(label.front()) && end > from;
        if (label.empty() || label.size() > longestLabel || label.back() == '-' || sentence)
            break;
        lowerCase = lowerCase && !isUpper(label.front());
        ++labels;
        if (labels >= 2 && isTopLevel(label))
            end = to;
        else if (labels >= 2)
            end = from;
        if (privacy::at(text, to) != '.')
            break;
        at = to + 1;
    }
    return end;
}

/// "icon@2x.png"
bool isPictureName(std::string_view domain)
{
    return domain.size() > 3 && isDigit(domain[0]) && lower(domain[1]) == 'x' && domain[2] == '.';
}

/// "ssh://git@host" and "https://user:secret@host" name a host to log in at.
bool isLogin(std::string_view text, std::size_t from)
{
    const std::size_t least = from > longestLocal ? from - longestLocal : 0;
    for (std::size_t i = from; i > least + 2 && (isLocal(text[i - 1]) || text[i - 1] == ':' || text[i - 1] == '/'); --i) {
        if (text[i - 1] == '/')
            return text[i - 2] == '/' && text[i - 3] == ':';
    }
    return false;
}

void find(const Clue &clue, Findings &found)
{
    const std::size_t from = localBegin(clue.text, clue.from), to = domainEnd(clue.text, clue.to);
    if (from == clue.from || clue.from - from > longestLocal || to == clue.to || clue.text[clue.from - 1] == '.')
        return;
    const bool repository = at(clue.text, to) == ':' && clue.text.substr(from, clue.from - from) == "git";
    if (!repository && !isPictureName(clue.text.substr(clue.to, to - clue.to)) && !isLogin(clue.text, from))
        found.add(from, to, 0.95);
}

} // namespace

const Detector email {.name = "email", .label = "EMAIL", .title = "E-mail address", .wake = OnAt, .find = find};

} // namespace gateway::privacy
