// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/answer_scanner.h"

#include "gateway/privacy/characters.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/lower_case.h"

#include <algorithm>

namespace gateway::privacy {

namespace {

constexpr std::size_t shortWord = 3; ///< "de la", "of", "DE"

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Whether an entity may have the word in its midst: a digit, a mark, a name, or a particle.
bool mayBelong(std::string_view word)
{
    if (word.size() <= shortWord || isUpper(word[0]) || static_cast<unsigned char>(word[0]) >= 0x80)
        return true;
    return std::ranges::any_of(word, [](char c) { return !isLetter(c) && c != ',' && c != '.' && static_cast<unsigned char>(c) < 0x80; });
}

/// What a long thing consists of. @param lines  a key, which has lines
bool mayGoOn(char c, bool lines)
{
    return isAlnum(c) || (lines && (c == '\n' || c == '\r')) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_' || c == '\\' || c == '%' || c == '&' || c == '.' || c == '?' || c == '~' || c == ':' || c == '@';
}

} // namespace

AnswerScanner::AnswerScanner(std::shared_ptr<const Policy> policy, const KeyHasher &hasher)
    : m_scanner(std::move(policy)), m_hasher(hasher), m_counts(m_scanner.policy()->rules().size(), 0)
{
    m_replaces = std::ranges::any_of(m_scanner.policy()->rules(), [](const Rule &rule) { return rule.action != PrivacyAction::Block && rule.action != PrivacyAction::Report; });
}

/// How far the window can be judged without what comes next.
std::size_t AnswerScanner::settledEnd() const
{
    const std::string_view text = m_window;
    const std::size_t least = text.size() > longestHeld ? text.size() - longestHeld : 0;
    const PatternSet &patterns = m_scanner.policy()->patterns();
    if (!patterns.empty() && !patterns.withinWords()) {
        const std::size_t line = text.rfind('\n');
        return std::max(least, line == std::string_view::npos ? 0 : line + 1);
    }
    std::size_t end = text.size();
    while (end > least) {
        std::size_t word = end;
        while (word > least && !isSpace(text[word - 1]))
            --word;
        if (end != text.size() && !mayBelong(text.substr(word, end - word)))
            break;
        std::size_t gap = word;
        while (gap > least && isSpace(text[gap - 1]))
            --gap;
        const bool line = text.substr(gap, word - gap).find('\n') != std::string_view::npos;
        end = gap;
        if (line)
            break;
    }
    if (!m_scanner.policy()->words().empty()) {
        const std::string lowered = lowerCase(text.substr(least));
        end = std::min(end, text.size() - std::min(lowered.size(), m_scanner.policy()->words().begunAtEnd(lowered)));
    }
    return std::max(end, least);
}

/// The text up to there goes on unchanged.
void AnswerScanner::pass(std::size_t to, std::string &out)
{
    if (to > m_passed) {
        out.append(m_window, m_passed, to - m_passed);
        m_passed = to;
    }
}

void AnswerScanner::replace(const Hit &hit, std::string &out)
{
    const Rule &rule = m_scanner.policy()->rules()[hit.rule];
    if (rule.action == PrivacyAction::Report || rule.action == PrivacyAction::Block)
        return;
    pass(std::min(hit.from, hit.to), out);
    const std::string_view rest = std::string_view(m_window).substr(m_passed, hit.to - m_passed);
    if (rule.action == PrivacyAction::Mask)
        out += maskOf(rest);
    else if (rule.action == PrivacyAction::Hash)
        out += hashOf(m_hasher, rule.label, hit.in(m_window));
    else
        out += "<" + rule.label + ">";
    m_passed = hit.to;
}

/// Whether it is a key without its end, so that the next line may be of it.
bool AnswerScanner::isOpenKey(const Hit &hit) const
{
    return m_scanner.policy()->rules()[hit.rule].name == privateKey.name && !hit.in(m_window).ends_with("-----") && belongsToEnd(hit.to, true);
}

/// Whether all of the window from there on can be of one long thing.
bool AnswerScanner::belongsToEnd(std::size_t from, bool lines) const
{
    return std::ranges::all_of(std::string_view(m_window).substr(from), [&](char c) { return mayGoOn(c, lines); });
}

const Rule *AnswerScanner::work(bool ends, std::string &out)
{
    std::size_t settled = ends ? m_window.size() : std::max(settledEnd(), m_settled);
    const std::size_t least = m_window.size() > longestHeld ? m_window.size() - longestHeld : 0;
    for (const Hit &hit : m_scanner.scan(m_window)) {
        if (hit.to <= m_settled)
            continue;
        const bool goesOn = hit.to > settled || (!ends && isOpenKey(hit));
        const bool tooLong = goesOn && hit.from < least; // it cannot be held any longer
        if (goesOn && !tooLong) {
            settled = std::max(m_settled, std::min(settled, hit.from));
            break;
        }
        m_counts[hit.rule] += hit.from >= m_counted ? 1 : 0;
        m_counted = hit.to;
        const Rule &rule = m_scanner.policy()->rules()[hit.rule];
        if (rule.action == PrivacyAction::Block)
            return m_blocked = &rule;
        replace(hit, out);
        settled = std::max(settled, hit.to);
        if (tooLong && rule.action != PrivacyAction::Report)
            startSwallowing(rule, hit.to, settled);
    }
    m_settled = settled;
    pass(m_replaces ? settled : m_window.size(), out);
    return nullptr;
}

/// @param from     where what was found ends so far
/// @param settled  moves to the window's end where all of the rest belongs to it
void AnswerScanner::startSwallowing(const Rule &rule, std::size_t from, std::size_t &settled)
{
    m_swallowsLines = rule.name == privateKey.name;
    m_swallowed.clear();
    m_swallowing = belongsToEnd(from, m_swallowsLines);
    if (m_swallowing)
        m_passed = settled = m_window.size();
}

/// Takes off what still belongs to something too long; its end is the first byte that cannot be of it, and that of the line
/// where a key ends.
void AnswerScanner::swallow(std::string &piece)
{
    constexpr std::string_view endOfKey = "-----END";
    constexpr std::size_t longestLine = 64;
    std::size_t taken = 0;
    for (; taken < piece.size() && m_swallowing; ++taken) {
        const char c = piece[taken];
        const bool lastLine = m_swallowed.starts_with(endOfKey);
        const bool over = lastLine && (m_swallowed.size() >= longestLine || (m_swallowed.size() > endOfKey.size() + 5 && m_swallowed.ends_with("-----")));
        m_swallowing = !over && (lastLine ? c != '\n' : mayGoOn(c, m_swallowsLines));
        if (!m_swallowing)
            break;
        m_swallowed += c;
        if (m_swallowed.size() > endOfKey.size() && !m_swallowed.starts_with(endOfKey))
            m_swallowed.erase(0, 1);
    }
    piece.erase(0, taken);
}

/// Keeps of what is done with only what the next piece may need to see.
void AnswerScanner::forget()
{
    const std::size_t done = std::min(m_passed, m_settled);
    if (done <= longestSeen)
        return;
    const std::size_t away = done - longestSeen;
    m_window.erase(0, away);
    m_passed -= away;
    m_settled -= away;
    m_counted -= std::min(m_counted, away);
}

const Rule *AnswerScanner::feed(std::string_view piece, std::string &out)
{
    if (m_blocked != nullptr)
        return m_blocked;
    std::string rest(piece);
    if (m_swallowing)
        swallow(rest);
    m_window += rest;
    const Rule *blocked = work(false, out);
    forget();
    return blocked;
}

const Rule *AnswerScanner::finish(std::string &out)
{
    if (m_blocked != nullptr)
        return m_blocked;
    const Rule *blocked = work(true, out);
    m_window.clear();
    m_passed = m_settled = m_counted = 0;
    return blocked;
}

} // namespace gateway::privacy
