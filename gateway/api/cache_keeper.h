// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/cached_answer.h"
#include "gateway/core/clock.h"
#include "gateway/pipeline/answer_caches.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace gateway::storage {
class AnswerArchive;
}

namespace gateway::api {

/// The cache of a gateway that serves: in memory, and beyond a restart in `cache.db`, which is opened once a route keeps
/// answers. A backup has no part of it: it holds nothing that cannot be asked again. Made, changed and ended on the control
/// thread.
class CacheKeeper final : private AnswerJournal
{
public:
    /// @param path           of `cache.db`
    /// @param hasher, clock  outlive it
    CacheKeeper(std::string path, const config::Config &config, const KeyHasher &hasher, const Clock &clock);
    /// Writes what waits; gives up after some seconds.
    ~CacheKeeper() override;

    void configure(const config::Config &config);
    void sweep();

    // Any thread.
    [[nodiscard]] pipeline::AnswerCaches &caches() { return m_caches; }
    [[nodiscard]] const pipeline::AnswerCaches &caches() const { return m_caches; }
    [[nodiscard]] bool persists() const { return m_persists.load(std::memory_order_relaxed); }
    [[nodiscard]] std::string problem() const; ///< empty: all is well
    [[nodiscard]] std::shared_ptr<storage::AnswerArchive> archive() const; ///< null: it was not needed yet, or cannot be opened

private:
    void stored(const AnswerKey &key, SharedAnswer answer) override;
    void removed(const AnswerKey &key) override;
    void open();
    void restore(storage::AnswerArchive &archive);

    const std::string m_path;
    const KeyHasher &m_hasher;
    const Clock &m_clock;
    std::atomic<bool> m_persists {false};
    mutable std::mutex m_mutex;                        ///< over the next two
    std::shared_ptr<storage::AnswerArchive> m_archive; ///< written on the control thread
    std::string m_problem;
    pipeline::AnswerCaches m_caches; ///< last: it tells of what goes to the end
};

} // namespace gateway::api
