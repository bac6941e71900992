// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cached_answer.h"
#include "gateway/core/error.h"
#include "gateway/core/semantic_review.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace gateway {
class Clock;
}

namespace gateway::storage {

/// Bounds of what waits in memory for its transaction. Past either, answers are not kept beyond the process's life; past the
/// removals, the file is emptied: it never holds what was purged.
struct ArchiveLimits
{
    std::size_t rows = 20'000;
    std::size_t bytes = 64ULL * 1024 * 1024;
    std::size_t removals = 200'000;
    std::chrono::milliseconds flush {250};      ///< how long a change may wait for its transaction
    std::chrono::milliseconds retryBase {100};  ///< first pause after a failed transaction; doubles
    std::chrono::milliseconds retryMax {5000};
};

struct ArchiveState
{
    std::string problem {};     ///< in words for a person; empty: all is well
    std::uint64_t restored = 0; ///< answers read at the start
    std::uint64_t damaged = 0;  ///< rows that were passed over, because they were not as they were written
    std::uint64_t notKept = 0;  ///< answers that found no room to wait in
    std::size_t waiting = 0;    ///< changes
};

/// Keeps the answers of a cache over a restart: `cache.db` in the data folder, written by a thread of its own, the changes
/// that came together in one transaction. Nobody waits for it, and nothing fails with it: where it cannot write, it says so
/// in state(), and tries again. A file that is damaged is set aside and begun anew; it holds nothing that cannot be done
/// without. Every function is for any thread.
class AnswerArchive final : public AnswerJournal
{
public:
    struct Options
    {
        std::string path; ///< ".../cache.db"
        ArchiveLimits limits {};
    };

    /// Opens, or makes, the file on the archive's thread, and waits for that.
    /// @param hasher, clock  outlive it
    /// @return Io: it cannot be opened; NotSupported: it is of a newer version
    static Result<std::unique_ptr<AnswerArchive>> open(Options options, const KeyHasher &hasher, const Clock &clock);
    /// Writes what waits; gives up after some seconds.
    ~AnswerArchive() override;
    AnswerArchive(const AnswerArchive &) = delete;
    AnswerArchive &operator=(const AnswerArchive &) = delete;

    void stored(const AnswerKey &key, SharedAnswer answer) override;
    void removed(const AnswerKey &key) override;

    /// Reads what is kept, once, before anything is written: those stored first come first, so that a smaller cache keeps
    /// the latest.
    /// @param take  called on the archive's thread
    /// @param done  likewise, behind the last one
    using Take = std::function<void(const AnswerKey &, SharedAnswer)>;
    void restore(Take take, std::function<void()> done = {});

    /// Forgets all answers: from now on none outlives the process. What was not written yet is not.
    void clear();

    /// Adds to the list of answers that were given for likeness. Past a bound of those that wait, it is not added.
    void addReview(SemanticHit hit);
    /// @param done  called on the archive's thread. Errors: Io, Invalid
    void reviews(ReviewQuery query, std::function<void(Result<ReviewPage>)> done);
    /// @param done  likewise; NotFound: there is no such row
    void judge(std::int64_t row, Verdict verdict, std::function<void(Result<SemanticHit>)> done);

    [[nodiscard]] ArchiveState state() const;
    /// Waits until every change made before is written, at most `patience`. Not on a worker.
    /// @return false: something still waits
    bool flush(std::chrono::milliseconds patience);

private:
    class Impl;
    explicit AnswerArchive(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::storage
