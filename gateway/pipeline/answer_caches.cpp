// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/answer_caches.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gateway::pipeline {

namespace {

constexpr std::size_t leastChanges = 20'000;
constexpr Duration embedderRest = std::chrono::seconds {5};

state::AnswerLimits limitsOf(const config::ExactCache &exact)
{
    return {.entries = static_cast<std::size_t>(std::max<std::int64_t>(exact.maxEntries, 0)), .bytes = static_cast<std::size_t>(std::max<std::int64_t>(exact.maxBytes, 0))};
}

state::SemanticLimits limitsOf(const std::optional<config::SemanticCache> &semantic)
{
    state::SemanticLimits limits;
    if (semantic)
        limits.entries = static_cast<std::size_t>(std::max<std::int64_t>(semantic->maxEntries, 1));
    limits.changes = std::max(leastChanges, limits.entries); // what is there already comes all at once
    return limits;
}

} // namespace

std::string nameOf(const std::optional<config::SemanticCache> &semantic)
{
    if (!semantic)
        return {};
    return semantic->embedWith.lexical ? std::string("lexical") : semantic->embedWith.provider + "/" + semantic->embedWith.model;
}

AnswerCaches::AnswerCaches(const config::CacheSettings &settings, const Clock &clock, AnswerJournal *beyond, OnSemanticHit onSemanticHit)
    : m_beyond(beyond)
    , m_onSemanticHit(std::move(onSemanticHit))
    , m_answers(limitsOf(settings.exact), clock, this)
    , m_embedder(nameOf(settings.semantic))
    , m_limits(limitsOf(settings.semantic))
{
}

AnswerCaches::~AnswerCaches() = default;

void AnswerCaches::configure(const config::CacheSettings &settings)
{
    m_answers.configure(limitsOf(settings.exact));
    const std::string embedder = nameOf(settings.semantic);
    const state::SemanticLimits limits = limitsOf(settings.semantic);
    {
        const std::lock_guard lock(m_mutex);
        if (embedder == m_embedder && limits.entries == m_limits.entries)
            return;
        m_embedder = embedder;
        m_limits = limits;
        m_problem.clear();
        m_embedderRestsUntil = 0;
        if (m_index)
            m_former.push_back(std::exchange(m_index, nullptr));
    }
    std::size_t dimensions = 0;
    m_answers.list({}, SIZE_MAX, [&](const std::vector<state::AnswerRow> &rows) {
        for (const state::AnswerRow &row : rows) {
            if (dimensions == 0 && row.answer->question && row.answer->question->embedder == embedder)
                dimensions = row.answer->question->vector.size();
        }
    });
    (void)questions(embedder, dimensions); // filled before the first one is looked for
}

void AnswerCaches::restore(const AnswerKey &key, SharedAnswer answer)
{
    m_answers.restore(key, answer);
    if (!answer->question)
        return;
    const std::shared_ptr<state::SemanticIndex> there = questions(answer->question->embedder, answer->question->vector.size());
    if (there)
        there->add(answer->question->conversation, answer->question->vector, key);
}

void AnswerCaches::sweep()
{
    m_answers.sweep();
    std::vector<std::shared_ptr<state::SemanticIndex>> ended; // destroyed when the mutex is free again
    const std::lock_guard lock(m_mutex);
    const auto unused = std::ranges::partition(m_former, [](const auto &index) { return index.use_count() > 1; });
    ended.assign(std::make_move_iterator(unused.begin()), std::make_move_iterator(unused.end()));
    m_former.erase(unused.begin(), unused.end());
}

std::shared_ptr<state::SemanticIndex> AnswerCaches::questions(std::string_view embedder, std::size_t dimensions)
{
    std::shared_ptr<state::SemanticIndex> made;
    {
        const std::lock_guard lock(m_mutex);
        if (embedder != m_embedder || dimensions == 0)
            return nullptr;
        if (m_index && m_index->dimensions() != dimensions) {
            m_problem = fmt::format("{} gave vectors of {} numbers, and now of {}: these find nothing. Name another model in cache.semantic, or restart.", embedder, m_index->dimensions(), dimensions);
            return nullptr;
        }
        if (m_index)
            return m_index;
        made = m_index = std::make_shared<state::SemanticIndex>(dimensions, m_limits);
    }
    fill(*made, embedder);
    return made;
}

void AnswerCaches::embedderFailed(SteadyTime now, std::string_view why)
{
    m_embedderRestsUntil = (now + embedderRest).time_since_epoch().count();
    const std::lock_guard lock(m_mutex);
    m_problem = fmt::format("Questions are not compared while {} makes no vectors: {}", m_embedder, why);
}

void AnswerCaches::embedderAnswered()
{
    if (m_embedderRestsUntil.load(std::memory_order_relaxed) == 0)
        return;
    m_embedderRestsUntil = 0;
    const std::lock_guard lock(m_mutex);
    m_problem.clear();
}

/// With what is there of that vectoriser's; others' vectors cannot be compared with these.
void AnswerCaches::fill(state::SemanticIndex &index, std::string_view embedder)
{
    m_answers.list({}, SIZE_MAX, [&](const std::vector<state::AnswerRow> &rows) {
        for (auto row = rows.rbegin(); row != rows.rend(); ++row) { // those stored first first: the oldest go
            const std::optional<KeptQuestion> &question = row->answer->question;
            if (question && question->embedder == embedder)
                index.add(question->conversation, question->vector, row->key);
        }
    });
}

std::shared_ptr<state::SemanticIndex> AnswerCaches::index() const
{
    const std::lock_guard lock(m_mutex);
    return m_index;
}

state::SemanticState AnswerCaches::questionState() const
{
    const auto there = index();
    return there ? there->state() : state::SemanticState {};
}

std::string AnswerCaches::embedder() const
{
    const std::lock_guard lock(m_mutex);
    return m_embedder;
}

void AnswerCaches::stored(const AnswerKey &key, SharedAnswer answer)
{
    if (answer->question) {
        if (const auto there = questions(answer->question->embedder, answer->question->vector.size()))
            there->add(answer->question->conversation, answer->question->vector, key);
    }
    if (m_beyond)
        m_beyond->stored(key, std::move(answer));
}

void AnswerCaches::removed(const AnswerKey &key)
{
    if (const auto there = index())
        there->remove(key);
    if (m_beyond)
        m_beyond->removed(key);
}

void AnswerCaches::count(const CallRecord &record)
{
    switch (record.cache) {
    case CacheOutcome::Off: return;
    case CacheOutcome::Miss: m_misses.fetch_add(1, std::memory_order_relaxed); return;
    case CacheOutcome::Hit: m_hits.fetch_add(1, std::memory_order_relaxed); break;
    case CacheOutcome::Semantic: m_semanticHits.fetch_add(1, std::memory_order_relaxed); break;
    }
    m_savedNanos.fetch_add(record.saved ? record.saved->nanos() : 0, std::memory_order_relaxed);
    m_savedUs.fetch_add(record.savedUs, std::memory_order_relaxed);
}

void AnswerCaches::noteSemanticHit(SemanticHit hit) const
{
    if (m_onSemanticHit)
        m_onSemanticHit(std::move(hit));
}

CacheCounts AnswerCaches::counts() const
{
    CacheCounts counts {.hits = m_hits.load(std::memory_order_relaxed),
                        .semanticHits = m_semanticHits.load(std::memory_order_relaxed),
                        .misses = m_misses.load(std::memory_order_relaxed),
                        .saved = Money::fromNanos(m_savedNanos.load(std::memory_order_relaxed)),
                        .savedUs = m_savedUs.load(std::memory_order_relaxed)};
    const std::lock_guard lock(m_mutex);
    counts.problem = m_problem;
    return counts;
}

} // namespace gateway::pipeline
