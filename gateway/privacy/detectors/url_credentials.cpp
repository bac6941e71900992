// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <algorithm>

/// URLs that hold a user's name and password (RFC 3986, 3.2.1): the whole URL, since host and path tell what they open.
namespace gateway::privacy {

namespace {

constexpr std::size_t longestScheme = 24, longestUserInfo = 256, longestUrl = 2048;

bool isUrl(char c)
{
    constexpr std::string_view ends = " \n\r\t\"'<>`|\\^{}";
    return c != '\0' && ends.find(c) == std::string_view::npos && c != otherSymbol;
}

void find(const Clue &clue, Findings &found)
{
    const std::string_view text = clue.text;
    if (at(text, clue.to) != '/' || at(text, clue.to + 1) != '/')
        return;
    std::size_t from = clue.from;
    while (from > 0 && clue.from - from < longestScheme && (isAlnum(text[from - 1]) || text[from - 1] == '+'))
        --from;
    const std::size_t user = clue.to + 2, most = std::min(text.size(), user + longestUserInfo);
    std::size_t sign = std::string_view::npos, colon = std::string_view::npos;
    for (std::size_t i = user; i < most && isUrl(text[i]) && text[i] != '/' && text[i] != '?' && text[i] != '#'; ++i) {
        if (text[i] == '@')
            sign = i;
        else if (text[i] == ':' && colon == std::string_view::npos)
            colon = i;
    }
    if (from == clue.from || sign == std::string_view::npos || colon == std::string_view::npos || colon + 1 >= sign || !isWord(at(text, sign + 1)))
        return;
    std::size_t to = sign + 1;
    while (to < std::min(text.size(), from + longestUrl) && isUrl(text[to]))
        ++to;
    while (to > sign + 2 && !isWord(text[to - 1]) && text[to - 1] != '/')
        --to;
    found.add(from, to, 0.95);
}

} // namespace

const Detector urlCredentials {.name = "url_credentials", .label = "URL_CREDENTIALS", .title = "URL with a password", .wake = OnColon, .find = find};

} // namespace gateway::privacy
