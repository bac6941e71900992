// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_log_writer.h"

#include "gateway/core/clock.h"
#include "gateway/storage/call_store.h"
#include "gateway/storage/checkpointer.h"
#include "gateway/storage/feedback_rows.h"
#include "gateway/storage/mark_rows.h"
#include "gateway/storage/retention.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/store_problems.h"
#include "gateway/storage/strict_waiters.h"

#include <boost/container/deque.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <pthread.h>
#include <thread>

namespace gateway::storage {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t recordsATransaction = 1'000; // more would be longer than the flush interval, and a crash lose it all
constexpr std::size_t mostWorkWaiting = 1'000;
constexpr std::chrono::milliseconds shortestRetentionPause {4};
constexpr std::chrono::milliseconds longestRetentionPause {20};
constexpr std::chrono::milliseconds closingRetry {50};

/// Growing moves no record while the lock is held; and it grows by blocks, where std::deque asks for each record's memory.
using RecordQueue = boost::container::deque<CallRecord, void, boost::container::deque_options_t<boost::container::block_size<32U>>>;

std::size_t bytesOf(const CallRecord &record)
{
    const CapturedBodies &bodies = record.bodies;
    std::size_t bytes = sizeof(CallRecord) + bodies.request.size() + bodies.answer.size() + bodies.sent.size() + bodies.received.size() + record.metadata.size() + record.errorMessage.size();
    for (const Loss &loss : record.losses)
        bytes += sizeof(Loss) + loss.what.size() + loss.why.size();
    for (const Keepsake &keepsake : record.keepsakes)
        bytes += sizeof(Keepsake) + keepsake.value.size();
    for (const AttemptRecord &attempt : record.attempts)
        bytes += sizeof(AttemptRecord) + attempt.detail.size();
    return bytes;
}

/// A record may wait for its flush, and half as long again for its transaction.
std::chrono::steady_clock::rep patienceOf(const CallLogSettings &settings)
{
    return std::chrono::duration_cast<std::chrono::steady_clock::duration>(settings.flush * 3 / 2).count();
}

/// A failure that lies in the records, not in the store: storing them one by one finds the one that cannot be kept.
bool liesInRecords(ErrorCode code)
{
    return code == ErrorCode::Internal || code == ErrorCode::Conflict;
}

} // namespace

class CallLogWriter::Impl
{
public:
    Impl(Options options, const Clock &clock)
        : m_options(std::move(options)), m_clock(clock), m_settings(m_options.settings), m_strict(m_settings.durability == config::Durability::Strict), m_patience(patienceOf(m_settings)),
          m_waiters(m_options.limits.strictPatience, [this] { overdue(); })
    {
    }

    ~Impl() { close(config::Millis {5000}); }

    Result<> start()
    {
        std::promise<Result<>> opened;
        auto outcome = opened.get_future();
        m_thread = std::thread([this, promise = std::move(opened)]() mutable { run(std::move(promise)); });
        auto result = outcome.get();
        if (!result)
            m_thread.join();
        return result;
    }

    void push(CallRecord &&record, std::move_only_function<void(bool)> onCommitted)
    {
        const bool strict = m_strict.load(std::memory_order_relaxed) && onCommitted;
        const std::size_t bytes = bytesOf(record);
        {
            const std::lock_guard lock(m_mutex);
            if (!m_closed && m_waitingRecords < m_options.limits.records && m_waitingBytes + bytes <= m_options.limits.bytes) {
                ++m_waitingRecords;
                m_waitingBytes += bytes;
                ++m_pushed;
                if (strict)
                    m_waiters.add(m_pushed, std::move(onCommitted));
                if (m_queue.empty())
                    m_firstQueued = Steady::now();
                if (m_waitingSince.load(std::memory_order_relaxed) == 0)
                    m_waitingSince.store(m_firstQueued.time_since_epoch().count(), std::memory_order_relaxed);
                const bool wake = m_queue.empty() || strict;
                m_queue.push_back(std::move(record));
                if (wake)
                    m_wake.notify_one();
                return;
            }
            ++m_dropped;
            m_kept.add(record);
        }
        if (strict)
            onCommitted(false);
    }

    [[nodiscard]] bool healthy() const
    {
        if (m_unwell.load(std::memory_order_relaxed))
            return false;
        const auto began = m_commitBegan.load(std::memory_order_relaxed);
        return began == 0 || Steady::now().time_since_epoch().count() - began < Steady::duration(m_options.limits.strictPatience).count();
    }

    [[nodiscard]] bool behind() const
    {
        const auto since = m_waitingSince.load(std::memory_order_relaxed);
        return since != 0 && Steady::now().time_since_epoch().count() - since > m_patience.load(std::memory_order_relaxed) && healthy();
    }

    void configure(const CallLogSettings &settings)
    {
        const std::lock_guard lock(m_mutex);
        m_settings = settings;
        m_reconfigured = true;
        m_strict.store(settings.durability == config::Durability::Strict, std::memory_order_relaxed);
        m_patience.store(patienceOf(settings), std::memory_order_relaxed);
        m_wake.notify_one();
    }

    [[nodiscard]] StoreState state() const
    {
        const std::lock_guard lock(m_mutex);
        return StoreState {.healthy = healthy(), .problem = m_problems.text(), .waiting = m_waitingRecords, .dropped = m_dropped, .lastGood = m_lastGood, .committed = m_committed};
    }

    void work(WriterWork work)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_closed && m_work.size() < mostWorkWaiting) {
                m_work.push_back(std::move(work));
                m_wake.notify_one();
                return;
            }
        }
        work(nullptr);
    }

    bool flush(config::Millis patience)
    {
        std::unique_lock lock(m_mutex);
        const std::uint64_t target = m_pushed;
        m_flushUpTo = target;
        m_wake.notify_one();
        return m_settled.wait_for(lock, patience, [&] { return m_done >= target; });
    }

    std::uint64_t close(config::Millis patience)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_closed)
                return 0;
            m_closed = true;
            m_closeBy = Steady::now() + patience;
            m_wake.notify_one();
        }
        if (m_thread.joinable())
            m_thread.join();
        return m_givenUpAtClose;
    }

private:
    // ---- the writer's thread ----

    void run(std::promise<Result<>> opened)
    {
        pthread_setname_np(pthread_self(), "call-log");
        m_active = m_options.settings;
        const bool strict = m_active.durability == config::Durability::Strict;
        auto database = Database::open({.path = m_options.path, .backupFolder = m_options.backupFolder, .fullSync = strict, .cacheKiB = 4096, .checkpoints = false}, callLogSchema());
        if (!database) {
            opened.set_value(std::unexpected(database.error()));
            return;
        }
        auto store = CallStore::open(**database, m_active);
        if (!store) {
            opened.set_value(std::unexpected(store.error()));
            return;
        }
        m_database = database->get();
        m_store = store->get();
        m_committed = m_store->lastRow();
        m_lastGood = m_clock.wallNow();
        Retention retention(*m_database, [this] { return m_store->seal(); });
        Checkpointer checkpointer(*m_database);
        opened.set_value({});
        while (serve(retention))
            checkpointer.keepLogShort();
        endWork();
        // The owners above go out of scope in the right order: statements before their database.
    }

    /// One round: waits, stores what is there, looks after old rows. @return false: closed, and nothing is left
    bool serve(Retention &retention)
    {
        bool ending = false;
        std::vector<WriterWork> work;
        {
            std::unique_lock lock(m_mutex);
            waitForWork(lock);
            applySettings();
            if (m_held.empty())
                takeQueued();
            ending = m_closed;
            if (m_queue.empty() || m_unwell.load(std::memory_order_relaxed)) // else its call may still wait
                work.swap(m_work);
        }
        // Where the store was unwell and nothing waits, an empty transaction finds out whether it is well again.
        const bool probe = m_unwell.load(std::memory_order_relaxed) && Steady::now() >= m_retryAt;
        if (!m_held.empty() || !m_heldSpend.empty() || probe)
            storeHeld();
        takeSteps(std::move(work), {.database = *m_database, .store = *m_store, .retention = retention}, ending);
        if (ending)
            return finishClosing();
        if (Steady::now() >= m_retentionAt && m_held.empty())
            keepTidy(retention);
        return true;
    }

    /// One of each that is new, and of those that have more where their pause is over.
    void takeSteps(std::vector<WriterWork> fresh, const WriterDesk &desk, bool ending)
    {
        if (ending || (Steady::now() >= m_stepsAt && m_held.empty()))
            std::ranges::move(std::exchange(m_steps, {}), std::back_inserter(fresh));
        if (fresh.empty())
            return;
        const auto began = Steady::now();
        std::vector<WriterWork> more;
        for (WriterWork &each : fresh) {
            if (each(&desk))
                more.push_back(std::move(each));
        }
        if (ending) { // what was to come after these goes without
            for (WriterWork &each : more)
                each(nullptr);
            return;
        }
        if (!more.empty())
            m_stepsAt = Steady::now() + pauseAfter(Steady::now() - began);
        std::ranges::move(more, std::back_inserter(m_steps));
        const std::uint64_t row = m_store->lastRow();
        {
            const std::lock_guard lock(m_mutex);
            if (std::exchange(m_committed, row) == row)
                return;
        }
        if (m_options.committed)
            m_options.committed(row);
    }

    /// What came too late for a turn.
    void endWork()
    {
        std::vector<WriterWork> left = std::exchange(m_steps, {});
        {
            const std::lock_guard lock(m_mutex);
            std::ranges::move(std::exchange(m_work, {}), std::back_inserter(left));
        }
        for (WriterWork &each : left)
            each(nullptr);
    }

    static Steady::duration pauseAfter(Steady::duration took)
    {
        return std::clamp<Steady::duration>(2 * took, shortestRetentionPause, longestRetentionPause); // a third of the time at most
    }

    void waitForWork(std::unique_lock<std::mutex> &lock)
    {
        while (true) {
            const auto now = Steady::now();
            auto until = m_steps.empty() ? m_retentionAt : std::min(m_retentionAt, m_stepsAt);
            if (!m_held.empty() || !m_heldSpend.empty())
                until = m_retryAt;
            else if (!m_queue.empty())
                until = std::min(until, m_firstQueued + m_settings.flush - m_commitTakes); // so that it is stored by then, not begun
            else if (!m_kept.empty())
                until = now;
            else if (m_unwell.load(std::memory_order_relaxed))
                until = m_retryAt;
            const bool hurry = m_held.empty() && !m_queue.empty() && (m_strict.load(std::memory_order_relaxed) || m_flushUpTo > m_done || m_queue.size() >= recordsATransaction);
            if (now >= until || hurry || m_closed || m_reconfigured || !m_work.empty())
                return;
            m_wake.wait_until(lock, until);
        }
    }

    void applySettings()
    {
        if (!m_reconfigured)
            return;
        m_reconfigured = false;
        m_active = m_settings;
        m_store->configure(m_active);
        m_retentionAt = std::min(m_retentionAt, Steady::now());
        auto set = m_database->setFullSync(m_active.durability == config::Durability::Strict);
        m_problems.settings = set ? std::string() : set.error().message;
    }

    void takeQueued()
    {
        const std::size_t count = std::min(m_queue.size(), recordsATransaction);
        if (count == m_queue.size()) {
            m_held.swap(m_queue);
        } else {
            const auto end = m_queue.begin() + static_cast<std::ptrdiff_t>(count);
            m_held.assign(std::make_move_iterator(m_queue.begin()), std::make_move_iterator(end));
            m_queue.erase(m_queue.begin(), end); // m_firstQueued stays: what is left has waited nearly as long
        }
        m_heldBytes = 0;
        for (const CallRecord &record : m_held)
            m_heldBytes += bytesOf(record);
        m_heldSpend.merge(std::exchange(m_kept, KeptSpend {}));
    }

    void storeHeld()
    {
        std::vector<const CallRecord *> records;
        records.reserve(m_held.size());
        for (const CallRecord &record : m_held)
            records.push_back(&record);
        const std::uint64_t upTo = m_done + m_held.size();
        const auto began = Steady::now();
        m_commitBegan.store(began.time_since_epoch().count(), std::memory_order_relaxed);
        KeptSpend lost;
        std::uint64_t refused = 0;
        auto stored = m_store->store(records, m_heldSpend);
        if (!stored && liesInRecords(stored.error().code))
            stored = storeOneByOne(records, lost, refused);
        m_commitBegan.store(0, std::memory_order_relaxed);
        // Up at once, down slowly; never more than half of the interval, or small transactions would follow one another.
        m_commitTakes = std::min(std::max(Steady::now() - began, m_commitTakes * 7 / 8), Steady::duration(m_active.flush) / 2);
        // Whoever waits for a commit that failed is let go at once; the record stays, and is stored when that is possible again.
        m_waiters.settle(upTo, stored.has_value() && refused == 0);
        if (stored)
            succeeded(upTo, std::move(lost), refused);
        else
            failed(stored.error());
    }

    /// Stores what can be; the spend of what cannot is kept.
    Result<> storeOneByOne(const std::vector<const CallRecord *> &records, KeptSpend &lost, std::uint64_t &refused)
    {
        if (auto spend = m_store->store({}, m_heldSpend); !spend)
            return spend;
        m_heldSpend = {};
        std::size_t done = 0;
        for (const CallRecord *record : records) {
            const std::array one {record};
            auto stored = m_store->store(one, {});
            if (!stored && !liesInRecords(stored.error().code)) {
                forgetHeld(done);
                m_heldSpend.merge(std::move(lost));
                return stored;
            }
            ++done;
            if (!stored) {
                ++refused;
                lost.add(*record);
            }
        }
        return {};
    }

    /// The first `count` held records are dealt with; the rest is tried again.
    void forgetHeld(std::size_t count)
    {
        const std::lock_guard lock(m_mutex);
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < count; ++i)
            bytes += bytesOf(m_held[i]);
        m_held.erase(m_held.begin(), m_held.begin() + static_cast<std::ptrdiff_t>(count));
        m_done += count;
        m_waitingRecords -= count;
        m_waitingBytes -= bytes;
        m_heldBytes -= bytes;
    }

    void succeeded(std::uint64_t upTo, KeptSpend lost, std::uint64_t refused)
    {
        const std::uint64_t row = m_store->lastRow();
        const bool rows = !m_held.empty();
        {
            const std::lock_guard lock(m_mutex);
            m_done = upTo;
            m_waitingRecords -= m_held.size();
            m_waitingBytes -= m_heldBytes;
            m_dropped += refused;
            m_committed = row;
            m_lastGood = m_clock.wallNow();
            m_problems.storing.clear();
            m_backoff = {};
            m_waitingSince.store(m_queue.empty() ? 0 : m_firstQueued.time_since_epoch().count(), std::memory_order_relaxed);
        }
        m_held.clear();
        m_heldSpend = std::move(lost);
        m_retryAt = Steady::now();
        m_settled.notify_all();
        const bool changed = m_unwell.exchange(false);
        if (rows && m_options.committed)
            m_options.committed(row);
        if (changed && m_options.stateChanged)
            m_options.stateChanged();
    }

    void failed(const Error &error)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_problems.storing = "Calls are not being logged: " + error.message;
            m_backoff = m_backoff.count() == 0 ? m_options.limits.retryBase : std::min(m_backoff * 2, m_options.limits.retryMax);
            m_retryAt = Steady::now() + (m_closed ? closingRetry : m_backoff);
        }
        if (!m_unwell.exchange(true) && m_options.stateChanged)
            m_options.stateChanged();
    }

    bool finishClosing()
    {
        std::unique_lock lock(m_mutex);
        if (m_held.empty() && m_queue.empty() && m_kept.empty() && m_heldSpend.empty())
            return false;
        if (Steady::now() < m_closeBy) {
            if (!m_held.empty() || !m_heldSpend.empty())
                m_wake.wait_until(lock, std::min(m_closeBy, m_retryAt));
            return true;
        }
        m_givenUpAtClose = m_held.size() + m_queue.size();
        m_dropped += m_givenUpAtClose;
        m_waitingRecords = 0;
        m_waitingBytes = 0;
        m_done = m_pushed;
        const std::uint64_t all = m_pushed;
        lock.unlock();
        m_settled.notify_all();
        m_waiters.settle(all, false);
        return false;
    }

    void keepTidy(Retention &retention)
    {
        const auto began = Steady::now();
        const auto more = retention.step(m_active.log, m_clock.wallNow());
        const auto pause = pauseAfter(Steady::now() - began);
        m_retentionAt = Steady::now() + (more && *more ? pause : Steady::duration(m_options.limits.retentionEvery));
        const std::lock_guard lock(m_mutex);
        m_problems.removing = more ? std::string() : "Old calls could not be removed: " + more.error().message;
    }

    // ---- the waiters' thread ----

    void overdue()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_problems.storing = "Calls are not being logged: storing them takes longer than it may. Look at the disk of the data folder.";
        }
        if (!m_unwell.exchange(true) && m_options.stateChanged)
            m_options.stateChanged();
        m_wake.notify_one();
    }

    const Options m_options;
    const Clock &m_clock;

    mutable std::mutex m_mutex;
    std::condition_variable m_wake, m_settled;
    CallLogSettings m_settings;               // written under the lock; read by the writer, which alone takes it over
    bool m_reconfigured = false;
    std::atomic<bool> m_strict;
    RecordQueue m_queue;
    Steady::time_point m_firstQueued;
    KeptSpend m_kept;                         // of records given up
    std::size_t m_waitingRecords = 0, m_waitingBytes = 0; // queued and held
    std::uint64_t m_pushed = 0, m_done = 0, m_dropped = 0, m_committed = 0, m_flushUpTo = 0;
    WallTime m_lastGood {};
    StoreProblems m_problems;
    std::vector<WriterWork> m_work;
    bool m_closed = false;
    Steady::time_point m_closeBy;

    std::atomic<bool> m_unwell = false;
    std::atomic<Steady::rep> m_commitBegan = 0; // 0: none runs
    std::atomic<Steady::rep> m_waitingSince = 0; // the oldest record that is not stored came then; 0: none waits
    std::atomic<Steady::rep> m_patience;         // longer than this, and the writer is behind
    StrictWaiters m_waiters;

    // the writer's own
    Database *m_database = nullptr;
    CallStore *m_store = nullptr;
    RecordQueue m_held;
    CallLogSettings m_active;                 // what m_settings was when the writer last took it over
    std::size_t m_heldBytes = 0;
    KeptSpend m_heldSpend;
    config::Millis m_backoff {};
    Steady::time_point m_retryAt;
    Steady::time_point m_retentionAt = Steady::now();
    std::vector<WriterWork> m_steps;          // work that has more to do
    Steady::time_point m_stepsAt;
    Steady::duration m_commitTakes {};        // about; of the latest ones
    std::uint64_t m_givenUpAtClose = 0;
    std::thread m_thread;
};

CallLogWriter::CallLogWriter(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
CallLogWriter::~CallLogWriter() = default;

Result<std::unique_ptr<CallLogWriter>> CallLogWriter::open(Options options, const Clock &clock)
{
    auto impl = std::make_unique<Impl>(std::move(options), clock);
    if (auto started = impl->start(); !started)
        return std::unexpected(started.error());
    return std::unique_ptr<CallLogWriter>(new CallLogWriter(std::move(impl)));
}

void CallLogWriter::push(CallRecord record, std::move_only_function<void(bool)> onCommitted) { m_impl->push(std::move(record), std::move(onCommitted)); }
bool CallLogWriter::behind() const { return m_impl->behind(); }
bool CallLogWriter::healthy() const { return m_impl->healthy(); }
void CallLogWriter::configure(const CallLogSettings &settings) { m_impl->configure(settings); }
StoreState CallLogWriter::state() const { return m_impl->state(); }
void CallLogWriter::work(WriterWork work) { m_impl->work(std::move(work)); }

void CallLogWriter::keepFeedback(FeedbackOrder order, std::move_only_function<void(Result<>)> done)
{
    work([order = std::move(order), done = std::move(done)](const WriterDesk *desk) mutable {
        done(desk != nullptr ? writeFeedback(desk->database, order) : fail(ErrorCode::Busy, "The call log takes no feedback now. Try again."));
        return false;
    });
}

void CallLogWriter::keepMarks(std::vector<MarkChange> changes, std::move_only_function<void(Result<std::vector<MarkChange>>)> done)
{
    work([changes = std::move(changes), done = std::move(done)](const WriterDesk *desk) mutable {
        done(desk != nullptr ? writeMarks(desk->database, changes) : fail(ErrorCode::Busy, "The call log takes no marks now. Try again."));
        return false;
    });
}

bool CallLogWriter::flush(config::Millis patience) { return m_impl->flush(patience); }
std::uint64_t CallLogWriter::close(config::Millis patience) { return m_impl->close(patience); }

} // namespace gateway::storage
