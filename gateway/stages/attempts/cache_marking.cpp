// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/cache_marking.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/providers/dialect.h"
#include "gateway/routing/random.h"
#include "gateway/stages/attempts/answer_form.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/wire/anthropic/model_rules.h"
#include "gateway/wire/bedrock/model_rules.h"
#include "gateway/wire/cache_marks.h"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;

namespace {

/// Of the blocks before a mark so many are looked at for what an earlier call wrote (Anthropic, "Automatic prefix checking").
constexpr std::uint32_t blocksLookedBack = 20;
/// Of a conversation's turns so many are looked at for where an earlier call ended.
constexpr std::size_t turnsLookedBack = 8;
/// In the place of the order of tools that have come in several.
constexpr std::uint64_t sortedFromNowOn = 0;

/// What the target's cache takes.
struct CacheRules
{
    std::int64_t least = 0; ///< tokens
    bool tools = true;
    bool hour = true;
};

std::uint64_t hashOf(std::string_view text)
{
    return std::hash<std::string_view> {}(text);
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b)
{
    return routing::Random::mixed(a ^ routing::Random::mixed(b));
}

/// nullopt: it has no cache that wants marks.
std::optional<CacheRules> rulesOf(const AttemptBook &book, wire::WireFormat format)
{
    if (format == wire::WireFormat::BedrockConverse) {
        const wire::bedrock::ModelRules rules = wire::bedrock::rulesOf(book.model());
        return rules.cachePoints ? std::optional(CacheRules {.least = rules.claude.leastCached, .tools = rules.cachedTools, .hour = rules.cacheHour}) : std::nullopt;
    }
    // Others that speak Anthropic's format take no notice of its marks.
    const bool hasClaude = book.provider().kind().name == "anthropic" || book.model().find("claude") != std::string_view::npos;
    return format == wire::WireFormat::Anthropic && hasClaude ? std::optional(CacheRules {.least = wire::anthropic::rulesOf(book.model()).leastCached}) : std::nullopt;
}

/// Finds out about one request what pays.
class Planner
{
public:
    Planner(const Exchange &x, const AttemptBook &book, const CacheRules &rules, const wire::CacheLayout &layout)
        : m_x(x), m_rules(rules), m_layout(layout), m_owner(ownerOf(book)), m_call(hashOf(x.record.id)), m_life(config::lifeOf(x.route->promptCache.life))
    {
    }

    wire::CacheMarkPlan plan()
    {
        wire::CacheMarkPlan plan;
        std::uint64_t beginning = mixed(m_owner, hashOf(m_layout.system));
        if (!m_layout.tools.empty()) {
            const std::uint64_t tools = setOfTools();
            plan.sortTools = cameInAnotherOrder(mixed(m_owner, tools)) && !wire::areSorted(m_layout);
            beginning = mixed(beginning, tools);
        }
        const bool begunLikeThat = isSeen(beginning);
        const bool goesOn = lookAtTurns(beginning, plan);
        plan.hour = m_rules.hour && m_x.route->promptCache.life == config::PromptLife::OneHour;
        if (begunLikeThat || goesOn)
            markBeginning(plan);
        return plan;
    }

private:
    /// Whose cache it is, and of which model: caches are shared by nobody else.
    static std::uint64_t ownerOf(const AttemptBook &book)
    {
        return mixed(mixed(hashOf(book.provider().id), hashOf(book.credential().name)), hashOf(book.model()));
    }

    /// The same in whatever order they stand.
    [[nodiscard]] std::uint64_t setOfTools() const
    {
        std::uint64_t sum = m_layout.tools.size();
        for (const wire::CacheLayout::Tool &tool : m_layout.tools)
            sum += mixed(hashOf(tool.text), 1);
        return sum;
    }

    bool cameInAnotherOrder(std::uint64_t set)
    {
        std::uint64_t order = set;
        for (const wire::CacheLayout::Tool &tool : m_layout.tools)
            order = mixed(order, hashOf(tool.text));
        const std::uint64_t before = seen().findOrPut(mixed(set, 2), order, m_x.now(), m_life);
        if (before != order && before != sortedFromNowOn)
            seen().put(mixed(set, 2), sortedFromNowOn, m_x.now(), m_life);
        return before != order;
    }

    /// Whether another call had the same, not too long ago. The next one will know that this one had.
    bool isSeen(std::uint64_t what) { return seen().findOrPut(what, m_call, m_x.now(), m_life) != m_call; }

    /// Marks the last turn that is not the model's own, where this goes on with what an earlier call asked.
    bool lookAtTurns(std::uint64_t beginning, wire::CacheMarkPlan &plan)
    {
        PooledVector<std::pair<std::size_t, std::uint64_t>> ends; // of turns, each with all that stands up to it
        bool answered = false;
        std::uint64_t upTo = mixed(beginning, 3);
        for (std::size_t i = 0; i < m_layout.messages.size(); ++i) {
            upTo = mixed(upTo, m_layout.messages[i].digest);
            answered = answered || m_layout.messages[i].assistant;
            if (!m_layout.messages[i].assistant)
                ends.emplace_back(i, upTo);
        }
        if (ends.empty())
            return false;
        const std::size_t last = ends.back().first;
        (void)isSeen(ends.back().second); // for the next turn
        std::optional<std::size_t> former;
        for (std::size_t back = 1; back < ends.size() && back <= turnsLookedBack && !former; ++back) {
            const auto &[index, digest] = ends[ends.size() - 1 - back];
            if (isKnown(digest))
                former = index;
        }
        const bool kept = !m_x.record.session.empty() && keepsItsBeginning(beginning);
        const bool goesOn = former || (answered && kept);
        if (!goesOn || m_x.promptTokens < m_rules.least || m_layout.messages[last].place.empty())
            return goesOn;
        plan.messages[0] = last;
        if (former && !m_layout.messages[*former].place.empty() && blocksBetween(*former, last) >= blocksLookedBack)
            plan.messages[1] = former; // else what was written there would not be found
        return goesOn;
    }

    /// Whether the session's calls begin alike, as far as is known: with a clock in the system text nothing is ever read again.
    bool keepsItsBeginning(std::uint64_t beginning)
    {
        const std::uint64_t session = mixed(mixed(m_owner, hashOf(m_x.record.keyId)), hashOf(m_x.record.session));
        const bool alike = seen().findOrPut(session, beginning, m_x.now(), m_life) == beginning;
        if (!alike)
            seen().put(session, beginning, m_x.now(), m_life);
        return alike;
    }

    [[nodiscard]] std::uint32_t blocksBetween(std::size_t from, std::size_t to) const
    {
        std::uint32_t blocks = 0;
        for (std::size_t i = from + 1; i <= to; ++i)
            blocks += m_layout.messages[i].blocks;
        return blocks;
    }

    void markBeginning(wire::CacheMarkPlan &plan) const
    {
        wire::TextSize size;
        for (const wire::CacheLayout::Tool &tool : m_layout.tools)
            size.add(tool.text);
        plan.tools = m_rules.tools && !m_layout.tools.empty() && wire::estimateTokens(size) >= m_rules.least && wire::hasPlaceForMark(m_layout.tools);
        size.add(m_layout.system);
        plan.system = !m_layout.systemPlace.empty() && wire::estimateTokens(size) >= m_rules.least;
    }

    [[nodiscard]] bool isKnown(std::uint64_t what) const { return seen().isKnown(what, m_call, m_x.now()); }
    [[nodiscard]] state::SeenPrompts &seen() const { return m_x.worker.services.seenPrompts; }

    const Exchange &m_x;
    const CacheRules &m_rules;
    const wire::CacheLayout &m_layout;
    std::uint64_t m_owner;
    std::uint64_t m_call;
    Duration m_life;
};

std::string inWords(const wire::CacheMarkPlan &plan)
{
    std::string marks;
    const auto add = [&marks](bool there, std::string_view where) {
        if (there)
            marks.append(marks.empty() ? "marks at " : ", ").append(where);
    };
    add(plan.tools, "tools");
    add(plan.system, "system text");
    add(plan.messages[1].has_value(), "an earlier message");
    add(plan.messages[0].has_value(), "last message");
    if (plan.sortTools)
        marks.append(marks.empty() ? "" : "; ").append("tools by name");
    return std::string(cacheMarkingNote).append(marks);
}

} // namespace

std::string markForCache(const Exchange &x, const AttemptBook &book, const AnswerForm &form, providers::EncodedRequest &encoded)
{
    const bool wanted = x.route && x.route->promptCache.marks == config::CacheMarks::Auto;
    if (!wanted || !isChat(x.endpoint) || !wire::hasCacheMarks(form.providers) || encoded.calls > 1)
        return {};
    const std::optional<CacheRules> rules = rulesOf(book, form.providers);
    if (!rules)
        return {};
    // In one piece, to be read: most that is passed has another model put in.
    const bool isWhole = encoded.body.pieces.size() == 1;
    std::unique_ptr<const std::string> joined = isWhole ? nullptr : std::make_unique<const std::string>(encoded.body.text());
    const std::string_view body = isWhole ? encoded.body.pieces.front() : std::string_view(*joined);
    const std::optional<wire::CacheLayout> layout = wire::cacheLayout(body, form.providers);
    if (!layout || layout->marked)
        return {};
    const wire::CacheMarkPlan plan = Planner(x, book, *rules, *layout).plan();
    if (plan.empty())
        return {};
    wire::SplicedBody marked = wire::withCacheMarks(body, form.providers, *layout, plan);
    encoded.body.pieces = std::move(marked.pieces);
    encoded.body.size = marked.size;
    if (joined)
        encoded.made = std::move(joined);
    return inWords(plan);
}

} // namespace gateway::stages
