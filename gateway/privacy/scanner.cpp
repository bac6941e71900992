// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/scanner.h"

#include "gateway/privacy/characters.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/lower_case.h"

#include <algorithm>

namespace gateway::privacy {

namespace {

constexpr std::size_t leastToken = 16;   ///< of OnToken, and of OnWord for a word without digits
constexpr double ownScore = 0.8;         ///< of a match of an own pattern or word
constexpr double raise = 0.4, lowering = 0.25;
constexpr double surely = 0.85;          ///< from here on the surroundings do not count

bool isGlued(Gap gap)
{
    return gap == Gap::Dash || gap == Gap::Dot;
}

/// What stands between two groups, from `from` on, and how long it is; Gap::None: they are not of one number.
std::pair<Gap, std::size_t> gapAt(std::string_view text, std::size_t from)
{
    const char first = at(text, from);
    const auto digitAt = [&](std::size_t i) { return isDigit(at(text, from + i)); };
    if (first == '(' && digitAt(1))
        return {Gap::Paren, 1};
    if (first == ')') {
        const char second = at(text, from + 1);
        const bool mark = second == ' ' || second == '-' || second == '/';
        return digitAt(1) ? std::pair {Gap::Paren, std::size_t {1}} : mark && digitAt(2) ? std::pair {Gap::Paren, std::size_t {2}} : std::pair {Gap::None, std::size_t {0}};
    }
    if (first != ' ' && first != '-' && first != '.' && first != '/')
        return {Gap::None, 0};
    if (digitAt(1))
        return {first == ' ' ? Gap::Space : first == '-' ? Gap::Dash : first == '.' ? Gap::Dot : Gap::Slash, 1};
    const char second = at(text, from + 1);
    if (first == ' ' && second == '(' && digitAt(2))
        return {Gap::Paren, 2};
    const bool marks = second == ' ' || second == '-' || second == '/' || second == '.';
    if (marks && digitAt(2))
        return {Gap::Wide, 2};
    return first == ' ' && marks && at(text, from + 2) == ' ' && digitAt(3) ? std::pair {Gap::Wide, std::size_t {3}} : std::pair {Gap::None, std::size_t {0}};
}

bool better(const Hit &a, const Hit &b)
{
    const std::size_t lengthA = a.to - a.from, lengthB = b.to - b.from;
    if (lengthA != lengthB)
        return lengthA > lengthB;
    return a.score != b.score ? a.score > b.score : a.rule < b.rule;
}

} // namespace

void settleOverlaps(std::vector<Hit> &hits)
{
    std::ranges::sort(hits, [](const Hit &a, const Hit &b) { return a.from != b.from ? a.from < b.from : better(a, b); });
    std::size_t kept = 0;
    for (const Hit &hit : hits) {
        if (kept == 0 || hit.from >= hits[kept - 1].to)
            hits[kept++] = hit;
        else if (better(hit, hits[kept - 1]))
            hits[kept - 1] = hit;
    }
    hits.resize(kept);
}

/// Weighs what one detector finds.
class Scanner::Sink final : public Findings
{
public:
    Sink(Scanner &scanner, std::size_t detector) : m_scanner(scanner), m_ruleIndex(scanner.m_policy->ruleOf(detector)), m_rule(scanner.m_policy->rules()[m_ruleIndex]) {}

    void add(std::size_t from, std::size_t to, double score) override
    {
        if (score < surely && score + raise >= m_rule.threshold)
            score = weighed(from, to, score);
        if (score >= m_rule.threshold)
            m_scanner.m_found.push_back({from, to, m_ruleIndex, score});
    }

    [[nodiscard]] bool regionNamed(std::string_view region) const override { return std::ranges::find(m_rule.regions, region) != m_rule.regions.end(); }
    [[nodiscard]] bool anyRegion() const override { return m_rule.regions.empty(); }

private:
    [[nodiscard]] double weighed(std::size_t from, std::size_t to, double score) const
    {
        const ContextWords::Near &near = m_scanner.near(from, to);
        if ((near.raised & m_rule.contextBit) != 0)
            return std::min(1.0, score + raise);
        return near.lowered ? score - lowering : score;
    }

    Scanner &m_scanner;
    std::uint32_t m_ruleIndex;
    const Rule &m_rule;
};

std::span<const Hit> Scanner::scan(std::string_view text, std::span<const Hit> external)
{
    m_found.clear();
    m_folded.fold(text);
    m_text = m_folded.bytes();
    m_nearFrom = m_nearTo = 0;
    scanBuiltIn();
    for (Hit &hit : m_found) {
        hit.from = m_folded.beginOf(hit.from);
        hit.to = m_folded.endOf(hit.to);
    }
    scanOwn(text);
    m_found.insert(m_found.end(), external.begin(), external.end());
    keepGood(text);
    settleOverlaps(m_found);
    return m_found;
}

/// Several detectors ask for the surroundings of the same number one after another.
const ContextWords::Near &Scanner::near(std::size_t from, std::size_t to)
{
    if (from != m_nearFrom || to != m_nearTo) {
        m_near = m_policy->context().around(m_text, from, to);
        m_nearFrom = from;
        m_nearTo = to;
    }
    return m_near;
}

/// One pass: words, numbers within and over them, tokens, and the marks that wake a detector.
void Scanner::scanBuiltIn()
{
    m_numbersTo = 0;
    std::size_t tokenFrom = 0;
    std::size_t i = 0;
    const auto endToken = [&] {
        if (i - tokenFrom >= leastToken)
            wake(OnToken, tokenFrom, i);
    };
    while (i < m_text.size()) {
        const std::uint8_t kind = kindOf(m_text[i]);
        if ((kind & WordKind) != 0) {
            i = scanWord(i);
            continue;
        }
        if ((kind & TokenMark) != 0) {
            if (m_text[i] == '-' && before(m_text, i) != '-' && m_text.substr(i, 5) == "-----") {
                wake(OnDashes, i, i + 5);
                endToken();
                i += 5;
                tokenFrom = i;
                continue;
            }
            ++i;
            continue;
        }
        endToken();
        if ((kind & Trigger) != 0)
            wake(m_text[i] == '@' ? OnAt : OnColon, i, i + 1);
        tokenFrom = ++i;
    }
    endToken();
}

/// @return where the word ends
std::size_t Scanner::scanWord(std::size_t from)
{
    std::size_t to = from;
    std::uint8_t kinds = 0;
    while (to < m_text.size() && (kindOf(m_text[to]) & WordKind) != 0)
        kinds |= kindOf(m_text[to++]);
    if ((kinds & Digit) != 0 || to - from >= leastToken)
        wake(OnWord, from, to);
    if ((kinds & Digit) != 0) {
        for (std::size_t i = std::max(from, m_numbersTo); i < to; i = std::max(i + 1, m_numbersTo)) {
            if (isDigit(m_text[i]))
                scanNumbers(i);
        }
    }
    return to;
}

void Scanner::wake(Wake wake, std::size_t from, std::size_t to)
{
    for (const std::uint8_t detector : m_policy->wokenBy(wake)) {
        Sink sink(*this, detector);
        detectors()[detector]->find({.text = m_text, .from = from, .to = to, .wake = wake}, sink);
    }
}

void Scanner::scanNumbers(std::size_t digit)
{
    m_numbersTo = readGroups(digit);
    scanWindows();
}

/// Reads groups of digits as far as they follow one another. @return where the last one ends
std::size_t Scanner::readGroups(std::size_t digit)
{
    constexpr std::size_t mostAtOnce = 64; // a table of numbers is taken in pieces
    m_groups.clear();
    m_digits.clear();
    Gap gap = Gap::None;
    std::size_t from = digit;
    while (true) {
        std::size_t to = from;
        while (to < m_text.size() && isDigit(m_text[to]))
            ++to;
        m_groups.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), static_cast<std::uint32_t>(m_digits.size()), gap});
        m_digits.append(m_text, from, to - from);
        const auto [next, length] = gapAt(m_text, to);
        if (next == Gap::None || (m_groups.size() >= mostAtOnce && !isGlued(next)))
            return to;
        gap = next;
        from = to + length;
    }
}

/// Every run of groups that a number could be: it may not begin or end where a dash or a dot joins groups.
void Scanner::scanWindows()
{
    for (std::size_t first = 0; first < m_groups.size(); ++first) {
        if (isGlued(m_groups[first].before))
            continue;
        std::size_t digits = 0;
        for (std::size_t last = first; last < std::min(m_groups.size(), first + mostGroups); ++last) {
            digits += m_groups[last].size();
            if (digits > mostDigits)
                break;
            if (last + 1 == m_groups.size() || !isGlued(m_groups[last + 1].before))
                wakeNumber(first, last, digits);
        }
    }
}

void Scanner::wakeNumber(std::size_t first, std::size_t last, std::size_t digits)
{
    const Number number {.digits = std::string_view(m_digits).substr(m_groups[first].digit, digits),
                         .groups = std::span(m_groups).subspan(first, last - first + 1),
                         .after = last + 1 < m_groups.size() ? m_groups[last + 1].before : Gap::None};
    for (const std::uint8_t index : m_policy->wokenByNumber(digits)) {
        const Detector &detector = *detectors()[index];
        if (number.groups.size() > detector.numbers.mostGroups)
            continue;
        Sink sink(*this, index);
        detector.find({.text = m_text, .from = number.from(), .to = number.to(), .number = &number, .wake = OnNumber}, sink);
    }
}

/// Words of dictionaries and patterns, in the text as it is.
void Scanner::scanOwn(std::string_view text)
{
    if (m_policy->words().empty() && m_policy->patterns().empty())
        return;
    lowerCase(text, m_lowered);
    const auto add = [&](std::uint32_t index, std::size_t from, std::size_t to) {
        const ContextWords::Mask bit = m_policy->rules()[index].contextBit;
        const bool near = bit != 0 && (m_policy->context().around(m_text, m_folded.foldedAt(from), m_folded.foldedAt(to)).raised & bit) != 0;
        m_found.push_back({from, to, index, near ? 1.0 : ownScore});
    };
    m_policy->words().scan(m_lowered, [&](std::uint32_t word, std::size_t from, std::size_t to) {
        if (wordGoesOnAt(text, to) && wordEndsAt(text, to))
            return false; // none that ends here is a whole word
        if (wordEndsAt(text, from) && wordGoesOnAt(text, from))
            return true;
        add(m_policy->ruleOfWord(word), from, to);
        return false;
    });
    m_matches.clear();
    m_policy->patterns().scan(text, m_lowered, m_matches);
    for (const PatternSet::Match &match : m_matches)
        add(m_policy->ruleOfPattern(match.pattern), match.from, match.to);
}

/// Drops what is below its rule's threshold, and what rules allow.
void Scanner::keepGood(std::string_view text)
{
    std::erase_if(m_found, [&](const Hit &hit) {
        const Rule &rule = m_policy->rules()[hit.rule];
        return hit.score < rule.threshold || hit.from >= hit.to || hit.to > text.size() || rule.allows(hit.in(text));
    });
}

} // namespace gateway::privacy
