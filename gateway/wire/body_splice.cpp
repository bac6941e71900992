// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/body_splice.h"

#include "gateway/core/text.h"

#include <algorithm>

namespace gateway::wire {

std::string SplicedBody::text() const
{
    std::string joined;
    joined.reserve(size);
    for (const std::string_view piece : pieces)
        joined += piece;
    return joined;
}

void BodySplice::replaceModel(std::string_view model)
{
    if (m_scan.modelValue.empty())
        set("model", jsonQuoted(model));
    else
        replace(m_scan.modelValue, jsonQuoted(model));
}

Span BodySplice::keep(std::string_view text)
{
    const auto from = static_cast<std::uint32_t>(m_text.size());
    m_text.insert(m_text.end(), text.begin(), text.end());
    return {.from = from, .to = static_cast<std::uint32_t>(m_text.size())};
}

void BodySplice::replace(Span range, std::string_view text)
{
    m_edits.push_back({.range = range, .text = keep(text)});
}

void BodySplice::rename(const Member &member, std::string_view name)
{
    replace(member.key, jsonQuoted(name));
}

void BodySplice::remove(const Member &member)
{
    if (std::find(m_removed.begin(), m_removed.end(), &member) == m_removed.end())
        m_removed.push_back(&member);
}

void BodySplice::add(std::string_view name, std::string_view jsonValue)
{
    m_added += ',';
    m_added += jsonQuoted(name);
    m_added += ':';
    m_added += jsonValue;
}

void BodySplice::set(std::string_view name, std::string_view jsonValue)
{
    bool there = false;
    for (const Member &member : m_scan.members) {
        if (member.name != name)
            continue;
        // Providers take the last of several: one stays, with the value that is wanted.
        if (there)
            remove(member);
        else {
            std::erase(m_removed, &member);
            replace(member.value, jsonValue);
        }
        there = true;
    }
    if (!there)
        add(name, jsonValue);
}

void BodySplice::askForUsage()
{
    if (m_scan.includeUsage)
        return;
    if (!m_scan.includeUsageValue.empty()) {
        replace(m_scan.includeUsageValue, "true");
    } else if (!m_scan.streamOptions.empty()) {
        const std::uint32_t inside = m_scan.streamOptions.from + 1;
        replace({.from = inside, .to = inside}, m_scan.streamOptionsEmpty ? "\"include_usage\":true" : "\"include_usage\":true,");
    } else {
        set("stream_options", "{\"include_usage\":true}");
    }
}

/// A removed member goes with the comma behind it; those at the end go with the comma before them.
/// @param noneLeft  no member stays @param end  where members are added: behind the last one that stays
void BodySplice::collectRemovals(bool &noneLeft, std::uint32_t &end)
{
    const auto &members = m_scan.members;
    const auto gone = [&](const Member &member) { return std::find(m_removed.begin(), m_removed.end(), &member) != m_removed.end(); };
    const auto last = std::find_if_not(members.rbegin(), members.rend(), gone);
    const Member *lastKept = last == members.rend() ? nullptr : &*last;
    noneLeft = lastKept == nullptr;
    end = lastKept ? lastKept->value.to : static_cast<std::uint32_t>(m_scan.body.find('{') + 1);
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (gone(members[i]) && lastKept && &members[i] < lastKept)
            m_edits.push_back({.range = {.from = members[i].key.from, .to = members[i + 1].key.from}});
    }
    if (!members.empty() && members.back().value.to > end)
        m_edits.push_back({.range = {.from = end, .to = members.back().value.to}});
}

/// What is taken out and added becomes edits like the others, and all stand in their order.
void BodySplice::completeEdits()
{
    const auto inRemoved = [this](const Edit &edit) {
        return std::any_of(m_removed.begin(), m_removed.end(), [&](const Member *member) {
            return edit.range.from >= member->key.from && edit.range.to <= member->value.to;
        });
    };
    std::erase_if(m_edits, inRemoved); // an edit within what is taken out has nothing to edit
    m_edits.reserve(m_edits.size() + m_removed.size() + 2);
    const std::size_t addition = m_edits.size();
    if (!m_added.empty())
        m_edits.emplace_back(); // its place is known below
    bool noneLeft = false;
    std::uint32_t end = 0;
    collectRemovals(noneLeft, end);
    if (!m_added.empty())
        m_edits[addition] = {.range = {.from = end, .to = end}, .text = keep(std::string_view(m_added).substr(noneLeft ? 1 : 0))};
    const auto before = [](const Edit &a, const Edit &b) { return a.range.from < b.range.from; };
    if (!std::is_sorted(m_edits.begin(), m_edits.end(), before)) // mostly they are, and sorting allocates
        std::stable_sort(m_edits.begin(), m_edits.end(), before);
}

SplicedBody BodySplice::build()
{
    if (m_edits.empty() && m_removed.empty() && m_added.empty()) // nothing but what the caller sent
        return {.pieces = {m_scan.body}, .size = m_scan.body.size()};
    completeEdits();
    SplicedBody out {.pieces = {}, .size = 0, .owned = std::move(m_text)};
    const std::string_view texts(out.owned.data(), out.owned.size());
    out.pieces.reserve(m_edits.size() * 2 + 1);
    const auto put = [&](std::string_view piece) {
        if (piece.empty())
            return;
        out.pieces.push_back(piece);
        out.size += piece.size();
    };
    std::uint32_t at = 0;
    for (const Edit &edit : m_edits) {
        put(m_scan.body.substr(at, edit.range.from - at));
        put(edit.text.in(texts));
        at = edit.range.to;
    }
    put(m_scan.body.substr(at));
    m_text.clear();
    m_edits.clear();
    m_removed.clear();
    m_added.clear();
    return out;
}

} // namespace gateway::wire
