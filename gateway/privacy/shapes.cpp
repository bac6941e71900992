// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/shapes.h"

#include <algorithm>

namespace gateway::privacy {

bool opens(std::string_view text, std::size_t from)
{
    return !isWord(before(text, from)) && before(text, from) != '_';
}

bool closes(std::string_view text, std::size_t to)
{
    return !isWord(at(text, to)) && at(text, to) != '_' && at(text, to) != '%';
}

bool standsAlone(std::string_view text, std::size_t from, std::size_t to)
{
    if (!opens(text, from) || !closes(text, to))
        return false;
    const char left = before(text, from), right = at(text, to);
    if (left == '#' || left == '$')
        return false;
    const bool joins = left == '-' || left == '.' || left == ',' || left == '/';
    if (joins && isWord(before(text, from - 1)))
        return false;
    const bool goesOn = right == '-' || right == '.' || right == ',' || right == '/';
    const char next = at(text, to + 1);
    return !goesOn || !(right == '-' ? isWord(next) : isDigit(next));
}

bool standsApart(std::string_view text, std::size_t from, std::size_t to)
{
    const auto digits = [&](std::size_t begin) { return isDigit(at(text, begin)) && isDigit(at(text, begin + 1)) && isDigit(at(text, begin + 2)); };
    const bool behind = at(text, to) == ' ' && digits(to + 1);
    const bool inFront = before(text, from) == ' ' && from >= 4 && digits(from - 4);
    return !behind && !inFront;
}

std::optional<Collected> collect(std::string_view text, std::size_t from, std::size_t count)
{
    Collected out;
    bool gap = true; // nothing but a character may come first
    for (std::size_t i = from; i < text.size() && out.size < std::min(count, sizeof out.characters); ++i) {
        const char c = text[i];
        if (isAlnum(c)) {
            out.characters[out.size++] = upper(c);
            out.to = i + 1;
            gap = false;
        } else if (!gap && (c == ' ' || c == '-' || c == '.')) {
            gap = true;
        } else {
            break;
        }
    }
    return out.size == count ? std::optional(out) : std::nullopt;
}

std::optional<std::size_t> lettersBefore(std::string_view text, std::size_t from, std::size_t count)
{
    if (from < count + 1 || (text[from - 1] != ' ' && text[from - 1] != '-'))
        return std::nullopt;
    const std::size_t begin = from - 1 - count;
    for (std::size_t i = begin; i + 1 < from; ++i) {
        if (!isLetter(text[i]))
            return std::nullopt;
    }
    return opens(text, begin) ? std::optional(begin) : std::nullopt;
}

WordPlace wordBefore(std::string_view text, std::size_t from)
{
    const std::size_t least = from > 24 ? from - 24 : 0;
    std::size_t to = from;
    while (to > least && (text[to - 1] == ' ' || text[to - 1] == '.' || text[to - 1] == ','))
        --to;
    std::size_t begin = to;
    while (begin > least && isWord(text[begin - 1]))
        --begin;
    return {begin, to};
}

WordPlace wordAfter(std::string_view text, std::size_t to)
{
    std::size_t begin = to;
    if (at(text, begin) == '.' || at(text, begin) == ',')
        ++begin;
    if (at(text, begin) == ' ')
        ++begin;
    std::size_t end = begin;
    while (end < text.size() && end < begin + 24 && isWord(text[end]))
        ++end;
    return {begin, end};
}

bool isOneOf(std::string_view word, std::span<const std::string_view> words)
{
    return std::ranges::any_of(words, [&](std::string_view each) { return equalsIgnoringCase(each, word); });
}

} // namespace gateway::privacy
