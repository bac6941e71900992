// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cache_tools.h"

#include <QHash>

#include <optional>
#include <vector>

namespace tests {

/// A made-up cache: always the same answers, semantic hits and savings. Every answer comes from the event loop, never at once.
class FakeCacheTools final : public gateway::api::CacheTools
{
public:
    enum class Mood { Well, Failing, Waiting, Empty };
    explicit FakeCacheTools(Mood mood = Mood::Well);

    // What tests turn.
    void setMood(Mood mood);
    void setEntries(std::vector<gateway::api::CacheEntry> entries);
    void setHits(std::vector<gateway::SemanticHit> newestFirst) { m_hits = std::move(newestFirst); }
    void setProblem(std::string problem) { m_problem = std::move(problem); }

    // What tests look at.
    [[nodiscard]] int questions(const QString &name) const { return m_questions.value(name); }
    [[nodiscard]] const std::vector<gateway::AnswerFilter> &purged() const { return m_purged; }
    [[nodiscard]] const std::vector<gateway::SemanticHit> &hits() const { return m_hits; }
    [[nodiscard]] const std::vector<gateway::api::CacheEntry> &allEntries() const { return m_entries; }

    [[nodiscard]] gateway::api::CacheState state() const override;
    void savings(gateway::TimeRange range, QObject *context, gateway::api::Answer<std::vector<gateway::CacheSavings>> done) override;
    void entries(gateway::AnswerFilter filter, std::size_t most, QObject *context, gateway::api::Answer<std::vector<gateway::api::CacheEntry>> done) override;
    void purge(gateway::AnswerFilter filter, gateway::api::EditNote by, QObject *context, gateway::api::Answer<std::uint64_t> done) override;
    void reviews(gateway::ReviewQuery query, QObject *context, gateway::api::Answer<gateway::ReviewPage> done) override;
    void judge(std::int64_t row, gateway::Verdict verdict, QObject *context, gateway::api::Answer<gateway::SemanticHit> done) override;

private:
    template <typename T>
    void answer(const char *question, QObject *context, gateway::api::Answer<T> done, std::function<gateway::Result<T>()> value);

    Mood m_mood;
    std::vector<gateway::api::CacheEntry> m_entries;
    std::vector<gateway::SemanticHit> m_hits; ///< newest first
    std::vector<gateway::AnswerFilter> m_purged;
    std::string m_problem;
    QHash<QString, int> m_questions;
};

/// The pictures' configuration with a cache: routes gpt-4o (exact) and smart (semantic), the built-in vectoriser.
gateway::config::Config cachingConfig();

} // namespace tests
