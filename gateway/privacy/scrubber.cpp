// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/scrubber.h"

#include "gateway/privacy/characters.h"
#include "gateway/privacy/json_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::privacy {

std::string edited(std::string_view text, std::span<const Edit> edits)
{
    std::string out;
    std::size_t done = 0;
    for (const Edit &edit : edits) {
        out.append(text, done, edit.from - done);
        out += edit.text;
        done = edit.to;
    }
    out.append(text, done);
    return out;
}

std::string maskOf(std::string_view value)
{
    std::string out;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out += isAlnum(c) ? '*' : c;
        else if (byte >= 0xc0) // one for each character, not for each byte
            out += '*';
    }
    return out;
}

std::string hashOf(const KeyHasher &hasher, std::string_view label, std::string_view value)
{
    constexpr std::size_t shown = 16; // 64 bits: enough to tell the values of one log apart
    std::string text(label);
    text += '\0';
    text += value;
    return fmt::format("[{}:{}]", label, std::string_view(hasher.hashHex(text)).substr(0, shown));
}

Scrubber::Scrubber(std::shared_ptr<const Policy> policy, const KeyHasher &hasher, PlaceholderMap &map)
    : m_scanner(std::move(policy)), m_hasher(hasher), m_map(map), m_counts(m_scanner.policy()->rules().size(), 0)
{
}

/// Looks again without what was found, until nothing more is: of two entities that overlapped, the worse one may have left
/// something, and one that seemed part of the other may stand by itself now.
void Scrubber::findAll(std::string_view plain, std::span<const Hit> external)
{
    constexpr int mostRounds = 4;
    const auto first = m_scanner.scan(plain, external);
    m_found.assign(first.begin(), first.end());
    std::size_t blanked = 0;
    for (int round = 0; round < mostRounds && blanked < m_found.size(); ++round) {
        if (round == 0)
            m_rest = plain;
        for (; blanked < m_found.size(); ++blanked)
            std::fill(m_rest.begin() + static_cast<std::ptrdiff_t>(m_found[blanked].from), m_rest.begin() + static_cast<std::ptrdiff_t>(m_found[blanked].to), '\n');
        for (const Hit &hit : m_scanner.scan(m_rest)) {
            if (hit.in(m_rest) == hit.in(plain)) // not over a gap
                m_found.push_back(hit);
        }
    }
    std::ranges::sort(m_found, {}, &Hit::from);
}

/// Finds what is in a text that stands behind other words.
void Scrubber::findBehind(std::string_view about, std::string_view plain, std::span<const Hit> external)
{
    m_joined.assign(about).append(": ");
    const std::size_t before = m_joined.size();
    m_joined += plain;
    std::vector<Hit> moved(external.begin(), external.end());
    for (Hit &hit : moved) {
        hit.from += before;
        hit.to += before;
    }
    findAll(m_joined, moved);
    std::erase_if(m_found, [&](const Hit &hit) { return hit.to <= before; });
    for (Hit &hit : m_found) {
        hit.from = std::max(hit.from, before) - before;
        hit.to -= before;
    }
}

/// Texts that read like placeholders of this policy.
void Scrubber::addLiterals(std::string_view plain)
{
    constexpr std::string_view openers = "<\\%&";
    for (std::size_t open = plain.find_first_of(openers); open != std::string_view::npos; open = plain.find_first_of(openers, open + 1)) {
        const PlaceholderText literal = readPlaceholder(plain.substr(open));
        if (literal.is != PlaceholderText::Is::Whole)
            continue;
        const std::string_view label = std::string_view(literal.name).substr(0, literal.name.rfind('_'));
        if (label == literalLabel || policy()->hasLabel(label))
            m_changes.push_back({open, open + literal.size, Policy::noRule, 1});
    }
}

std::string Scrubber::replacement(const Hit &hit, std::string_view value)
{
    if (hit.rule == Policy::noRule)
        return m_map.placeholderOf(literalLabel, value);
    const Rule &rule = policy()->rules()[hit.rule];
    switch (rule.action) {
    case PrivacyAction::Tokenize: return m_map.placeholderOf(rule.label, value);
    case PrivacyAction::Mask: return maskOf(value);
    case PrivacyAction::Hash: return hashOf(m_hasher, rule.label, value);
    case PrivacyAction::Block:
    case PrivacyAction::Report: break;
    }
    return std::string(value);
}

const Rule *Scrubber::scrub(std::string_view text, TextForm form, std::vector<Edit> &edits, std::span<const Hit> external, std::string_view about)
{
    const JsonText json(form == TextForm::JsonString ? text : std::string_view());
    const std::string_view plain = form == TextForm::JsonString ? json.plain() : text;
    m_changes.clear();
    const Rule *block = nullptr;
    if (about.empty())
        findAll(plain, external);
    else
        findBehind(about, plain, external);
    for (const Hit &hit : m_found) {
        const Rule &rule = policy()->rules()[hit.rule];
        ++m_counts[hit.rule];
        if (rule.action == PrivacyAction::Block && block == nullptr)
            block = &rule;
        else if (rule.action != PrivacyAction::Report)
            m_changes.push_back(hit);
    }
    if (block != nullptr)
        return block;
    if (policy()->tokenizes()) {
        addLiterals(plain);
        settleOverlaps(m_changes);
    }
    for (const Hit &hit : m_changes) {
        std::string instead = replacement(hit, hit.in(plain));
        if (form == TextForm::JsonString)
            edits.push_back({json.rawAt(hit.from), json.rawAt(hit.to), jsonEscaped(instead)});
        else
            edits.push_back({hit.from, hit.to, std::move(instead)});
    }
    return nullptr;
}

} // namespace gateway::privacy
