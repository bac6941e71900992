// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <algorithm>
#include <array>

/// IPv4 addresses in four decimal numbers, IPv6 addresses by RFC 4291, 2.2. Versions of software are not meant.
namespace gateway::privacy {

namespace {

constexpr std::array<std::string_view, 16> versionWords {"version", "versions", "v", "ver", "release", "build", "firmware", "update", "kernel", "driver", "versión", "versio", "rev", "revision", "section", "chapter"};

void findFour(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    if (number.groups.size() != 4 || !number.joinedBy(Gap::Dot) || number.after == Gap::Dot || number.groups[0].before == Gap::Dot || !opens(clue.text, clue.from) || !closes(clue.text, clue.to))
        return;
    bool small = true; // as in versions and numbers of sections
    for (std::size_t group = 0; group < number.groups.size(); ++group) {
        const std::string_view digits = number.digitsOf(group);
        if (digits.size() > 3 || (digits.size() > 1 && digits[0] == '0') || (digits.size() == 3 && digits > "255"))
            return;
        small = small && digits.size() <= 2;
    }
    const char left = before(clue.text, clue.from), right = at(clue.text, clue.to);
    if (left == '.' || left == '-' || (right == '-' && isWord(at(clue.text, clue.to + 1))) || isOneOf(wordBefore(clue.text, clue.from).in(clue.text), versionWords))
        return;
    found.add(clue.from, clue.to, small ? 0.6 : 0.85);
}

struct Run
{
    std::size_t from = 0, to = 0;
};

constexpr std::size_t longest = 45;

/// The hexadecimal digits, colons and dots around a colon, which must be the first one among them.
Run runAround(std::string_view text, std::size_t colon)
{
    Run run {colon, colon};
    while (run.from > 0 && colon - run.from < 5 && isHex(text[run.from - 1]))
        --run.from;
    while (run.to < text.size() && run.to - run.from <= longest && (isHex(text[run.to]) || text[run.to] == ':' || text[run.to] == '.'))
        ++run.to;
    while (run.to > run.from && (text[run.to - 1] == '.' || (text[run.to - 1] == ':' && before(text, run.to - 1) != ':')))
        --run.to;
    return run;
}

bool isSix(std::string_view text)
{
    std::size_t groups = 0, i = 0;
    bool shortened = false;
    while (i < text.size()) {
        if (text.substr(i, 2) == "::") {
            if (shortened)
                return false;
            shortened = true;
            i += 2;
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && isHex(text[end]))
            ++end;
        if (at(text, end) == '.') { // an IPv4 address at the end
            const auto dots = std::count(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), '.');
            return dots == 3 && (shortened ? groups <= 5 : groups == 6) && text.find_first_not_of("0123456789.", i) == std::string_view::npos;
        }
        if (end == i || end - i > 4)
            return false;
        ++groups;
        i = end;
        if (i < text.size() && text.substr(i, 2) != "::") {
            if (text[i] != ':' || i + 1 == text.size())
                return false;
            ++i;
        }
    }
    return shortened ? groups <= 7 : groups == 8;
}

/// "std::array", "a::b" and Python's "[::2]" are written with the same characters.
bool looksMeant(std::string_view text)
{
    const std::size_t shortened = text.find("::");
    if (shortened == std::string_view::npos)
        return true;
    if (shortened == 0)
        return text == "::1" || text.starts_with("::ffff:") || text.starts_with("::FFFF:");
    const std::string_view first = text.substr(0, text.find(':'));
    const bool local = first.size() == 4 && lower(first[0]) == 'f' && (lower(first[1]) == 'e' || lower(first[1]) == 'c' || lower(first[1]) == 'd');
    return local || (first.size() >= 3 && first.find_first_of("0123456789") != std::string_view::npos);
}

void findSix(const Clue &clue, Findings &found)
{
    const char previous = before(clue.text, clue.from);
    if (previous == ':' || (!isHex(previous) && at(clue.text, clue.to) != ':'))
        return;
    const Run run = runAround(clue.text, clue.from);
    if (run.to - run.from < 3 || run.to - run.from > longest || before(clue.text, run.from) == ':' || !opens(clue.text, run.from) || isWord(at(clue.text, run.to)))
        return;
    const std::string_view text = clue.text.substr(run.from, run.to - run.from);
    if (isSix(text) && looksMeant(text))
        found.add(run.from, run.to, 0.9);
}

void find(const Clue &clue, Findings &found)
{
    if (clue.wake == OnNumber)
        findFour(clue, found);
    else
        findSix(clue, found);
}

constexpr std::array<std::string_view, 9> context {"ip", "ipv4", "ipv6", "address*", "adresse*", "host*", "server*", "ping", "gateway"};

} // namespace

const Detector ipAddress {.name = "ip_address", .label = "IP_ADDRESS", .title = "IP address", .wake = OnNumber | OnColon, .numbers = {4, 12, 4}, .find = find, .context = context};

} // namespace gateway::privacy
