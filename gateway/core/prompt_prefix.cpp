// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/prompt_prefix.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <map>

namespace gateway {

namespace {

constexpr std::size_t shownBefore = 24, shownBehind = 32; ///< bytes, about

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return asciiLower(c) >= 'a' && asciiLower(c) <= 'z';
}

bool continues(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// The word that stands at `at`, with what dates and times have within.
std::string_view wordAt(std::string_view text, std::size_t at)
{
    const auto belongs = [](char c) { return isDigit(c) || isLetter(c) || c == ':' || c == '-' || c == '/' || c == '.' || c == '+'; };
    std::size_t from = std::min(at, text.size()), to = from;
    while (from > 0 && belongs(text[from - 1]))
        --from;
    while (to < text.size() && belongs(text[to]))
        ++to;
    return text.substr(from, to - from);
}

/// Monday, mon, November, nov.
bool isDayOrMonth(std::string_view word)
{
    constexpr std::array<std::string_view, 19> names {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july", "august",
                                                      "september", "october", "november", "december"};
    while (!word.empty() && !isLetter(word.back()))
        word.remove_suffix(1);
    return word.size() >= 3 && std::ranges::any_of(names, [&](std::string_view name) { return equalsIgnoringCase(word, name) || equalsIgnoringCase(word, name.substr(0, 3)); });
}

/// 12:03, 2026-11-30, 30.11.2026, 11/30/26, or seconds since 1970.
bool isWrittenInNumbers(std::string_view word)
{
    const auto digits = static_cast<std::size_t>(std::ranges::count_if(word, isDigit));
    if (digits == word.size())
        return digits >= 10 && digits <= 19;
    for (std::size_t i = 1; i + 1 < word.size(); ++i) {
        if (word[i] == ':' && isDigit(word[i - 1]) && isDigit(word[i + 1]))
            return true;
    }
    const auto parts = std::ranges::count_if(word, [](char c) { return c == '-' || c == '/' || c == '.'; });
    return parts >= 2 && digits >= 4 && isDigit(word.front());
}

/// Whether what stands there says when.
bool saysWhen(std::string_view text, std::size_t at)
{
    const std::string_view word = wordAt(text, at);
    if (isDayOrMonth(word) || isWrittenInNumbers(word))
        return true;
    if (word.empty() || !isDigit(word.front()))
        return false;
    // A number beside a month: "November 30", "30 November".
    const auto from = static_cast<std::size_t>(word.data() - text.data());
    const bool behind = from >= 2 && isDayOrMonth(wordAt(text, from - 2));
    const std::size_t next = from + word.size() + 1;
    return behind || (next < text.size() && isDayOrMonth(wordAt(text, next)));
}

/// A line at most around that place.
std::string around(std::string_view text, std::size_t at)
{
    std::size_t from = at > shownBefore ? at - shownBefore : 0;
    if (const std::size_t line = text.substr(from, at - from).rfind('\n'); line != std::string_view::npos)
        from += line + 1;
    else if (from > 0 && text[from - 1] != ' ' && text[from - 1] != '\n') { // it begins with a word
        const std::size_t space = text.substr(from, at - from).find(' ');
        from += space == std::string_view::npos ? 0 : space + 1;
    }
    while (from < at && continues(text[from]))
        ++from;
    std::size_t to = std::min(text.size(), at + shownBehind);
    if (const std::size_t line = text.find('\n', at); line != std::string_view::npos && line > at)
        to = std::min(to, line);
    while (to < text.size() && to > at && continues(text[to]))
        --to;
    std::string shown(from > 0 ? "…" : "");
    shown.append(text.substr(from, to - from)).append(to < text.size() ? "…" : "");
    std::ranges::replace(shown, '\n', ' ');
    return shown;
}

bool isKnownAgain(const std::vector<PromptPiece> &messages, std::size_t from, const PromptPiece &message, std::size_t &where)
{
    for (where = from; where < messages.size(); ++where) {
        if (messages[where] == message)
            return true;
    }
    return false;
}

std::optional<PrefixBreak> toolBreak(const std::vector<PromptPiece> &before, const std::vector<PromptPiece> &now)
{
    if (before == now)
        return std::nullopt;
    PrefixBreak found {.part = PrefixBreak::Part::Tools};
    std::map<std::string_view, std::string_view> former, newer;
    for (const PromptPiece &tool : before)
        former.emplace(tool.name, tool.text);
    for (const PromptPiece &tool : now) {
        newer.emplace(tool.name, tool.text);
        const auto known = former.find(tool.name);
        if (known == former.end())
            found.addedTools.push_back(tool.name);
        else if (known->second != tool.text)
            found.changedTools.push_back(tool.name);
    }
    for (const PromptPiece &tool : before) {
        if (!newer.contains(tool.name))
            found.removedTools.push_back(tool.name);
    }
    found.reordered = found.addedTools.empty() && found.removedTools.empty() && found.changedTools.empty();
    return found;
}

std::optional<PrefixBreak> messageBreak(const PromptPieces &before, const PromptPieces &now)
{
    const std::size_t both = std::min(before.messages.size(), now.messages.size());
    std::size_t at = 0;
    while (at < both && before.messages[at] == now.messages[at])
        ++at;
    if (at == both)
        return std::nullopt; // one goes on where the other ends
    PrefixBreak found {.part = PrefixBreak::Part::Message, .change = PrefixBreak::Change::Removed, .message = at + 1};
    std::size_t where = 0;
    if (isKnownAgain(before.messages, at + 1, now.messages[at], where)) {
        found.count = where - at;
        found.role = before.messages[at].name;
    } else if (isKnownAgain(now.messages, at + 1, before.messages[at], where)) {
        found.change = PrefixBreak::Change::Added;
        found.count = where - at;
        found.role = now.messages[at].name;
    } else {
        found.change = PrefixBreak::Change::Edited;
        found.role = now.messages[at].name;
        if (auto text = textBreak(before.messages[at].text, now.messages[at].text))
            found.text = std::move(*text);
    }
    return found;
}

} // namespace

std::optional<TextBreak> textBreak(std::string_view before, std::string_view now)
{
    if (before == now)
        return std::nullopt;
    const auto [first, second] = std::ranges::mismatch(before, now);
    auto at = static_cast<std::size_t>(first - before.begin());
    while (at > 0 && ((at < before.size() && continues(before[at])) || (at < now.size() && continues(now[at]))))
        --at;
    const auto continued = std::ranges::count_if(before.substr(0, at), continues);
    return TextBreak {.character = at - static_cast<std::size_t>(continued) + 1, .before = around(before, at), .now = around(now, at), .time = saysWhen(before, at) && saysWhen(now, at)};
}

std::optional<PrefixBreak> prefixBreak(const PromptPieces &before, const PromptPieces &now)
{
    if (before.tools && now.tools) {
        if (auto found = toolBreak(*before.tools, *now.tools))
            return found;
    }
    if (before.system && now.system) {
        if (auto text = textBreak(*before.system, *now.system))
            return PrefixBreak {.part = PrefixBreak::Part::System, .text = std::move(*text)};
    }
    return messageBreak(before, now);
}

} // namespace gateway
