// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

/// Private keys in PEM (RFC 7468) and OpenSSH's form. One whose end is missing is a key all the same, as far as its lines go.
namespace gateway::privacy {

namespace {

constexpr std::string_view opening = "-----BEGIN ", closing = "-----END ", marker = "PRIVATE KEY";
constexpr std::size_t longestLabel = 48, longestKey = 16 * 1024;

bool isBase64(char c)
{
    return isAlnum(c) || c == '+' || c == '/' || c == '=';
}

/// Where lines of base64 end that begin the text; 0: there are none. The last line of a key may be short.
std::size_t endOfLines(std::string_view text)
{
    constexpr std::size_t leastLine = 16;
    std::size_t end = 0, at = 0;
    while (at < text.size()) {
        while (at < text.size() && !isBase64(text[at]) && text[at] != '-')
            ++at;
        std::size_t to = at;
        while (to < text.size() && isBase64(text[to]))
            ++to;
        const bool whole = to - at >= leastLine;
        if (!whole && (end == 0 || to == at || (to < text.size() && text[to] != '\n')))
            break;
        end = at = to;
        if (!whole)
            break;
    }
    return end;
}

void find(const Clue &clue, Findings &found)
{
    const std::string_view text = clue.text;
    const std::string_view head = text.substr(clue.from, opening.size() + longestLabel);
    if (!head.starts_with(opening))
        return;
    const std::size_t label = head.find("-----", opening.size());
    if (label == std::string_view::npos || head.substr(0, label).find(marker) == std::string_view::npos)
        return;
    const std::size_t body = clue.from + label + 5;
    const std::string_view rest = text.substr(body, longestKey);
    const std::size_t dashes = rest.find("-----"); // of the end, or of the next one's beginning: no byte is looked at for two keys
    const std::string_view lines = rest.substr(0, dashes);
    if (dashes != std::string_view::npos && rest.substr(dashes).starts_with(closing)) {
        const std::size_t last = rest.substr(dashes + closing.size(), longestLabel).find("-----");
        found.add(clue.from, body + dashes + closing.size() + (last != std::string_view::npos ? last + 5 : 0), 0.98);
    } else if (const std::size_t end = endOfLines(lines); end > 0) {
        found.add(clue.from, body + end, 0.98);
    }
}

} // namespace

const Detector privateKey {.name = "private_key", .label = "PRIVATE_KEY", .title = "Private key", .wake = OnDashes, .find = find};

} // namespace gateway::privacy
