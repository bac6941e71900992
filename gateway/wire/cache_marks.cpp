// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/cache_marks.h"

#include <algorithm>
#include <tuple>

namespace gateway::wire {
namespace {

constexpr std::string_view member = R"(,"cache_control":{"type":"ephemeral"})";
constexpr std::string_view hourMember = R"(,"cache_control":{"type":"ephemeral","ttl":"1h"})";
constexpr std::string_view point = R"(,{"cachePoint":{"type":"default"}})";
constexpr std::string_view hourPoint = R"(,{"cachePoint":{"type":"default","ttl":"1h"}})";

bool byName(const CacheLayout::Tool &a, const CacheLayout::Tool &b)
{
    return std::tie(a.name, a.text) < std::tie(b.name, b.text);
}

/// A range of the body, and what stands there instead.
struct Edit
{
    std::size_t from = 0;
    std::size_t to = 0;
    std::array<std::string_view, 3> texts {};
};

class Marker
{
public:
    Marker(std::string_view body, WireFormat format, const CacheMarkPlan &plan)
        : m_body(body), m_converse(format == WireFormat::BedrockConverse), m_mark(m_converse ? (plan.hour ? hourPoint : point) : (plan.hour ? hourMember : member))
    {
    }

    void tools(const PooledVector<CacheLayout::Tool> &before, const CacheMarkPlan &plan)
    {
        PooledVector<CacheLayout::Tool> after = before;
        if (plan.sortTools)
            std::ranges::stable_sort(after, byName);
        const auto last = std::find_if(after.rbegin(), after.rend(), [](const CacheLayout::Tool &tool) { return !tool.deferred; });
        const std::size_t marked = plan.tools && last != after.rend() ? static_cast<std::size_t>(after.rend() - last) - 1 : after.size();
        for (std::size_t i = 0; i < after.size(); ++i) {
            const std::string_view text = after[i].text;
            if (i == marked && m_converse)
                replace(before[i].text, {text, m_mark});
            else if (i == marked)
                replace(before[i].text, {text.substr(0, text.size() - 1), m_mark, "}"});
            else if (text.data() != before[i].text.data())
                replace(before[i].text, {text});
        }
    }

    /// @param place  as CacheLayout::Message has it
    void mark(std::string_view place)
    {
        const std::size_t end = offset(place) + place.size();
        if (place.front() == '"') { // a text alone is short for one block of text
            m_edits.push_back({.from = offset(place), .to = offset(place), .texts = {R"([{"type":"text","text":)"}});
            m_edits.push_back({.from = end, .to = end, .texts = {m_mark, "}]"}});
        } else {
            const std::size_t at = m_converse ? end : end - 1;
            m_edits.push_back({.from = at, .to = at, .texts = {m_mark}});
        }
    }

    SplicedBody build()
    {
        std::ranges::stable_sort(m_edits, {}, &Edit::from);
        SplicedBody out {.pieces = {}, .size = 0};
        out.pieces.reserve(m_edits.size() * 3 + 1);
        const auto put = [&](std::string_view piece) {
            if (piece.empty())
                return;
            out.pieces.push_back(piece);
            out.size += piece.size();
        };
        std::size_t at = 0;
        for (const Edit &edit : m_edits) {
            put(m_body.substr(at, edit.from - at));
            std::ranges::for_each(edit.texts, put);
            at = edit.to;
        }
        put(m_body.substr(at));
        return out;
    }

private:
    [[nodiscard]] std::size_t offset(std::string_view piece) const { return static_cast<std::size_t>(piece.data() - m_body.data()); }
    void replace(std::string_view piece, std::array<std::string_view, 3> texts)
    {
        m_edits.push_back({.from = offset(piece), .to = offset(piece) + piece.size(), .texts = texts});
    }

    std::string_view m_body;
    bool m_converse;
    std::string_view m_mark;
    PooledVector<Edit> m_edits;
};

} // namespace

bool areSorted(const CacheLayout &layout)
{
    return std::ranges::is_sorted(layout.tools, byName);
}

bool hasPlaceForMark(const PooledVector<CacheLayout::Tool> &tools)
{
    return !std::ranges::all_of(tools, &CacheLayout::Tool::deferred);
}

SplicedBody withCacheMarks(std::string_view body, WireFormat format, const CacheLayout &layout, const CacheMarkPlan &plan)
{
    Marker marker(body, format, plan);
    marker.tools(layout.tools, plan);
    if (plan.system)
        marker.mark(layout.systemPlace);
    for (const std::optional<std::size_t> &message : plan.messages) {
        if (message)
            marker.mark(layout.messages[*message].place);
    }
    return marker.build();
}

} // namespace gateway::wire
