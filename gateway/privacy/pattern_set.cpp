// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/pattern_set.h"

#include <algorithm>
#include <array>
#include <re2/filtered_re2.h>
#include <re2/re2.h>

namespace gateway::privacy {

namespace {

constexpr std::size_t window = 4096;
constexpr int leastLiteral = 2;
constexpr std::int64_t mostMemory = 4 << 20;

RE2::Options options()
{
    RE2::Options out;
    out.set_log_errors(false);
    out.set_max_mem(mostMemory);
    return out;
}

bool isAscii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Whether it has anything that could match white space: a dot, a negated class, a space itself, an escape that may stand
/// for one. Where in doubt it does.
bool mayMatchSpace(std::string_view pattern)
{
    bool escaped = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (escaped) {
            constexpr std::string_view spaces = "sSWDntrfvxpPCQ0123456789a";
            if (spaces.find(c) != std::string_view::npos)
                return true;
            escaped = false;
        } else if (c == '\\') {
            escaped = true;
        } else if (c == '.' || c == ' ' || c == '\t' || c == '\n' || (c == '[' && (pattern.substr(i + 1).starts_with("^") || pattern.substr(i + 1).starts_with("[:")))) {
            return true;
        }
    }
    return false;
}

} // namespace

PatternSet::PatternSet() = default;
PatternSet::PatternSet(PatternSet &&) noexcept = default;
PatternSet &PatternSet::operator=(PatternSet &&) noexcept = default;
PatternSet::~PatternSet() = default;

Result<void> PatternSet::add(const std::string &pattern)
{
    auto compiled = std::make_unique<RE2>(pattern, options());
    if (!compiled->ok())
        return fail(ErrorCode::Invalid, compiled->error());
    const auto number = static_cast<std::uint32_t>(m_places.size());
    m_spans.push_back(mayMatchSpace(pattern));
    // Folding of letters beyond ASCII differs between RE2 and lowerCase(): those patterns are run without a filter.
    if (isAscii(pattern) && pattern.find("\\x") == std::string::npos && pattern.find("\\p") == std::string::npos && pattern.find("\\P") == std::string::npos) {
        if (m_filtered == nullptr)
            m_filtered = std::make_unique<re2::FilteredRE2>(leastLiteral);
        int id = 0;
        if (m_filtered->Add(pattern, options(), &id) != RE2::NoError)
            return fail(ErrorCode::Invalid, "the pattern cannot be compiled");
        m_places.push_back({true, id});
        m_numbers.push_back(number);
    } else {
        m_places.push_back({false, static_cast<int>(m_always.size())});
        m_always.push_back(std::move(compiled));
    }
    return {};
}

void PatternSet::seal()
{
    if (m_filtered == nullptr)
        return;
    std::vector<std::string> literals;
    m_filtered->Compile(&literals);
    m_literalCount = literals.size();
    m_literals = WordAutomaton(literals);
}

bool PatternSet::withinWords() const
{
    return std::ranges::none_of(m_spans, [](bool spans) { return spans; });
}

void PatternSet::runOver(const re2::RE2 &pattern, std::uint32_t number, std::string_view text, std::vector<Match> &out) const
{
    // In windows: "a.*b|a" looks as far as it may before each "a" that it finds, which would make many of them quadratic.
    re2::StringPiece match;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.size(), at + window);
        const bool last = end == text.size();
        if (!pattern.Match({text.data(), text.size()}, at, end, RE2::UNANCHORED, &match, 1)) {
            if (last)
                return;
            at = end - longestMatch;
            continue;
        }
        const auto from = static_cast<std::size_t>(match.data() - text.data());
        const std::size_t to = from + match.size();
        if (!last && from > end - longestMatch) { // it may go on behind the window
            at = from;
            continue;
        }
        if (to > from)
            out.push_back({number, from, to});
        at = to > from ? to : from + 1;
    }
}

void PatternSet::scan(std::string_view text, std::string_view lowered, std::vector<Match> &out) const
{
    for (std::size_t number = 0; number < m_places.size(); ++number) {
        if (!m_places[number].filtered)
            runOver(*m_always[static_cast<std::size_t>(m_places[number].index)], static_cast<std::uint32_t>(number), text, out);
    }
    if (m_filtered == nullptr)
        return;
    std::vector<bool> there(m_literalCount, false);
    std::vector<int> literals;
    m_literals.scan(lowered, [&](std::uint32_t literal, std::size_t, std::size_t) {
        if (there[literal])
            return false; // what ends in it was told then
        there[literal] = true;
        literals.push_back(static_cast<int>(literal));
        return true;
    });
    std::vector<int> possible;
    m_filtered->AllPotentials(literals, &possible);
    for (const int id : possible) {
        const std::size_t number = m_numbers[static_cast<std::size_t>(id)];
        runOver(m_filtered->GetRE2(id), static_cast<std::uint32_t>(number), text, out);
    }
}

} // namespace gateway::privacy
