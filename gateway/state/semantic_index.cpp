// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/semantic_index.h"

#include "gateway/state/vector_scope.h"

#include <cmath>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <pthread.h>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>

namespace gateway::state {

namespace {

constexpr std::uint64_t mostBefore = 16; // changes that who asks waits for: some milliseconds at most, where each goes into a graph
constexpr std::size_t vectorsAStep = 4; // of a graph that is being built: who asks waits a millisecond at most

/// To length one. @return false: it has none
bool normalise(std::vector<float> &vector)
{
    double squares = 0;
    for (const float value : vector)
        squares += static_cast<double>(value) * value;
    if (!(squares > 0) || !std::isfinite(squares))
        return false;
    const auto length = static_cast<float>(std::sqrt(squares));
    for (float &value : vector)
        value /= length;
    return true;
}

} // namespace

class SemanticIndex::Impl
{
public:
    Impl(std::size_t theDimensions, SemanticLimits limits) : dimensions(theDimensions), m_limits(limits), m_thread([this] { run(); }) {}

    ~Impl()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_ending = true;
        }
        m_wake.notify_one();
        m_thread.join();
        for (Find &find : m_finds)
            find.found(std::nullopt);
    }

    void find(const AnswerKey &scope, std::vector<float> vector, double least, Found found)
    {
        if (vector.size() == dimensions && normalise(vector)) {
            const std::lock_guard lock(m_mutex);
            if (m_finds.size() < m_limits.finds) {
                m_finds.push_back({.scope = scope, .vector = std::move(vector), .least = least, .found = std::move(found), .changesBefore = m_posted});
                m_wake.notify_one();
                return;
            }
            ++m_state.findsTurnedAway;
        }
        found(std::nullopt);
    }

    void add(const AnswerKey &scope, std::vector<float> vector, const AnswerKey &answer)
    {
        if (vector.size() != dimensions || !normalise(vector))
            return;
        const std::lock_guard lock(m_mutex);
        if (m_changes.size() >= m_limits.changes) {
            ++m_state.changesTurnedAway;
            return;
        }
        m_changes.push_back({.scope = scope, .vector = std::move(vector), .answer = answer});
        ++m_posted;
        m_wake.notify_one();
    }

    /// Where there is no room, what led to an answer that is gone finds nothing in the store, and is removed then.
    void remove(const AnswerKey &answer)
    {
        const std::lock_guard lock(m_mutex);
        if (m_changes.size() >= 2 * m_limits.changes) {
            ++m_state.changesTurnedAway;
            return;
        }
        m_changes.push_back({.answer = answer});
        ++m_posted;
        m_wake.notify_one();
    }

    [[nodiscard]] SemanticState state() const
    {
        const std::lock_guard lock(m_mutex);
        return m_state;
    }

    void settled(std::move_only_function<void()> done)
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(done));
        m_wake.notify_one();
    }

    const std::size_t dimensions;

private:
    struct Find
    {
        AnswerKey scope {};
        std::vector<float> vector;
        double least = 0;
        Found found;
        std::uint64_t changesBefore = 0; ///< that were posted before it
    };
    struct Change
    {
        AnswerKey scope {};
        std::vector<float> vector {}; ///< empty: what leads to the answer is to be removed
        AnswerKey answer {};
    };
    struct Entry
    {
        AnswerKey scope, answer;
    };

    // ---- the index's thread ----

    void run()
    {
        pthread_setname_np(pthread_self(), "semantic");
        std::unique_lock lock(m_mutex);
        while (!m_ending) {
            if (!m_finds.empty() && !hasToChangeFirst()) {
                Find find = std::move(m_finds.front());
                m_finds.pop_front();
                lock.unlock();
                find.found(matchOf(find));
                lock.lock();
            } else if (!m_changes.empty()) {
                const Change change = std::move(m_changes.front());
                m_changes.pop_front();
                ++m_taken;
                lock.unlock();
                apply(change);
                if (!m_building.empty()) // changes alone would keep it from ever being whole
                    buildSome();
                lock.lock();
                tell();
            } else if (!m_building.empty()) {
                lock.unlock();
                buildSome();
                lock.lock();
                tell();
            } else if (!m_waiting.empty()) {
                auto waiting = std::exchange(m_waiting, {});
                lock.unlock();
                for (auto &done : waiting)
                    done();
                lock.lock();
            } else {
                m_wake.wait(lock);
            }
        }
    }

    /// Who asks after an answer was stored finds it; but not where very much has to be done before. Under the lock.
    [[nodiscard]] bool hasToChangeFirst() const
    {
        const std::uint64_t before = m_finds.front().changesBefore;
        return before > m_taken && before - m_taken <= mostBefore;
    }

    /// Under the lock.
    void tell()
    {
        m_state.entries = m_entries.size();
        m_state.scopes = m_scopes.size();
        m_state.graphsBuilt = m_graphsBuilt;
    }

    [[nodiscard]] std::optional<Match> matchOf(const Find &find) const
    {
        const auto scope = m_scopes.find(find.scope);
        if (scope == m_scopes.end())
            return std::nullopt;
        const auto nearest = scope->second->nearest(find.vector);
        if (!nearest || nearest->similarity < find.least)
            return std::nullopt;
        return Match {.answer = m_entries.at(nearest->label).answer, .similarity = nearest->similarity};
    }

    void apply(const Change &change)
    {
        if (const auto known = m_byAnswer.find(change.answer); known != m_byAnswer.end())
            removeLabel(known->second);
        if (change.vector.empty())
            return;
        auto &scope = m_scopes[change.scope];
        if (!scope)
            scope = std::make_unique<VectorScope>(dimensions, m_limits.graphFrom);
        const std::uint64_t label = ++m_lastLabel;
        if (!scope->add(label, change.vector)) {
            if (scope->size() == 0)
                m_scopes.erase(change.scope);
            return;
        }
        m_entries.emplace(label, Entry {.scope = change.scope, .answer = change.answer});
        m_byAnswer[change.answer] = label;
        noteBuilding(change.scope, *scope);
        while (m_entries.size() > m_limits.entries)
            removeLabel(m_entries.begin()->first); // the oldest
    }

    void removeLabel(std::uint64_t label)
    {
        const auto entry = m_entries.find(label);
        const AnswerKey scopeKey = entry->second.scope;
        m_byAnswer.erase(entry->second.answer);
        m_entries.erase(entry);
        const auto scope = m_scopes.find(scopeKey);
        scope->second->remove(label);
        if (scope->second->size() == 0) {
            m_building.erase(scopeKey);
            m_scopes.erase(scope);
        } else {
            noteBuilding(scopeKey, *scope->second);
        }
    }

    void noteBuilding(const AnswerKey &key, const VectorScope &scope)
    {
        if (scope.isBuilding())
            m_building.insert(key);
    }

    void buildSome()
    {
        const AnswerKey key = *m_building.begin();
        VectorScope &scope = *m_scopes.at(key);
        scope.build(vectorsAStep);
        if (scope.isBuilding())
            return;
        m_building.erase(key);
        ++m_graphsBuilt;
    }

    const SemanticLimits m_limits;

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Find> m_finds; ///< guarded, as all here
    std::deque<Change> m_changes;
    std::uint64_t m_posted = 0, m_taken = 0; ///< changes
    std::vector<std::move_only_function<void()>> m_waiting;
    SemanticState m_state;
    bool m_ending = false;

    // the thread's own
    std::unordered_map<AnswerKey, std::unique_ptr<VectorScope>, AnswerKeyHash> m_scopes;
    std::map<std::uint64_t, Entry> m_entries; ///< by label, in the order in which they came
    std::unordered_map<AnswerKey, std::uint64_t, AnswerKeyHash> m_byAnswer;
    std::set<AnswerKey> m_building; ///< scopes with a graph under way
    std::uint64_t m_lastLabel = 0, m_graphsBuilt = 0;

    std::thread m_thread; ///< last: it uses all of the above
};

SemanticIndex::SemanticIndex(std::size_t dimensions, SemanticLimits limits) : m_impl(std::make_unique<Impl>(dimensions, limits)) {}
SemanticIndex::~SemanticIndex() = default;

std::size_t SemanticIndex::dimensions() const { return m_impl->dimensions; }
void SemanticIndex::find(const AnswerKey &scope, std::vector<float> vector, double least, Found found) { m_impl->find(scope, std::move(vector), least, std::move(found)); }
void SemanticIndex::add(const AnswerKey &scope, std::vector<float> vector, const AnswerKey &answer) { m_impl->add(scope, std::move(vector), answer); }
void SemanticIndex::remove(const AnswerKey &answer) { m_impl->remove(answer); }
SemanticState SemanticIndex::state() const { return m_impl->state(); }
void SemanticIndex::settled(std::move_only_function<void()> done) { m_impl->settled(std::move(done)); }

} // namespace gateway::state
