// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/answer_archive.h"

#include "gateway/core/clock.h"
#include "gateway/storage/answer_rows.h"
#include "gateway/storage/cache_schema.h"
#include "gateway/storage/database.h"
#include "gateway/storage/review_rows.h"

#include <fmt/format.h>

#include <QFile>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <pthread.h>
#include <thread>

namespace gateway::storage {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds closePatience {5};
constexpr std::size_t mostJobs = 10'000;

Result<std::unique_ptr<Database>> openFile(const std::string &path)
{
    return Database::open({.path = path, .cacheKiB = 1024}, cacheSchema());
}

/// Out of the way of a new one; one that was set aside before goes.
void setAside(const std::string &path)
{
    const QString name = toQString(path), aside = name + QStringLiteral(".damaged");
    QFile::remove(aside);
    QFile::rename(name, aside);
    QFile::remove(name + QStringLiteral("-wal"));
    QFile::remove(name + QStringLiteral("-shm"));
}

} // namespace

class AnswerArchive::Impl
{
public:
    Impl(Options options, const KeyHasher &hasher, const Clock &clock) : m_options(std::move(options)), m_hasher(hasher), m_clock(clock) {}

    ~Impl()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
            m_closeBy = Steady::now() + closePatience;
        }
        m_wake.notify_one();
        if (m_thread.joinable())
            m_thread.join();
    }

    Result<> start()
    {
        std::promise<Result<>> opened;
        auto outcome = opened.get_future();
        m_thread = std::thread([this, promise = std::move(opened)]() mutable { run(std::move(promise)); });
        return outcome.get();
    }

    void change(const AnswerKey &key, SharedAnswer answer)
    {
        SharedAnswer replaced; // freed when the mutex is free again
        const std::lock_guard lock(m_mutex);
        const auto known = m_waiting.find(key);
        if (known != m_waiting.end()) {
            m_waitingBytes -= known->second ? bytesOf(*known->second) : 0;
            replaced = std::move(known->second);
        }
        const std::size_t bytes = answer ? bytesOf(*answer) : 0;
        if (answer && (m_waiting.size() >= m_options.limits.rows || m_waitingBytes + bytes > m_options.limits.bytes)) {
            ++m_state.notKept;
            answer = nullptr; // what the file has of it is another one's
        } else {
            m_waitingBytes += bytes;
        }
        if (!answer && known == m_waiting.end() && m_waiting.size() >= m_options.limits.removals) {
            m_emptyFirst = true;
            m_waiting.clear();
            m_waitingBytes = 0;
        }
        if (m_waiting.empty())
            m_firstCame = Steady::now();
        m_waiting.insert_or_assign(key, std::move(answer));
        ++m_changes;
        if (m_waiting.size() == 1)
            m_wake.notify_one();
    }

    void restore(Take take, std::function<void()> done)
    {
        const std::lock_guard lock(m_mutex);
        m_take = std::move(take);
        m_restored = std::move(done);
        m_wake.notify_one();
    }

    void clear()
    {
        AnswerRows::Changes dropped; // freed when the mutex is free again
        const std::lock_guard lock(m_mutex);
        dropped = std::exchange(m_waiting, {});
        m_waitingBytes = 0;
        m_emptyFirst = true;
        ++m_changes;
        m_wake.notify_one();
    }

    /// Something to do with the file, on the archive's thread.
    using Job = std::function<void(Result<Database *>)>;
    /// @return false: too many wait
    bool post(Job job)
    {
        const std::lock_guard lock(m_mutex);
        if (m_jobs.size() >= mostJobs)
            return false;
        m_jobs.push_back(std::move(job));
        m_wake.notify_one();
        return true;
    }

    [[nodiscard]] ArchiveState state() const
    {
        const std::lock_guard lock(m_mutex);
        ArchiveState state = m_state;
        state.waiting = m_waiting.size();
        return state;
    }

    bool flush(std::chrono::milliseconds patience)
    {
        std::unique_lock lock(m_mutex);
        const std::uint64_t target = m_changes;
        m_hurryTo = target;
        m_wake.notify_one();
        return m_settled.wait_for(lock, patience, [&] { return m_written >= target; });
    }

private:
    // ---- the archive's thread ----

    void run(std::promise<Result<>> opened)
    {
        pthread_setname_np(pthread_self(), "cache");
        Result<> open = openDatabase();
        const bool good = open.has_value();
        opened.set_value(std::move(open));
        while (good && serve()) { }
        m_database.reset();
    }

    Result<> openDatabase()
    {
        auto database = openFile(m_options.path);
        if (!database && database.error().code == ErrorCode::Invalid) {
            tell(fmt::format("The kept answers are lost: {} was damaged. It was set aside as cache.db.damaged, and the cache began empty.", m_options.path));
            setAside(m_options.path);
            database = openFile(m_options.path);
        }
        if (!database)
            return std::unexpected(database.error());
        m_database = std::move(*database);
        return {};
    }

    void tell(std::string problem)
    {
        const std::lock_guard lock(m_mutex);
        m_state.problem = std::move(problem);
    }

    /// One round. @return false: closed, and nothing is left
    bool serve()
    {
        Take take;
        AnswerRows::Changes changes;
        std::vector<Job> jobs;
        bool emptyFirst = false, ending = false;
        std::uint64_t upTo = 0;
        {
            std::unique_lock lock(m_mutex);
            waitForWork(lock);
            take = std::exchange(m_take, {});
            jobs = std::exchange(m_jobs, {});
            ending = m_closed;
            if (!take || ending) {
                changes = std::exchange(m_waiting, {});
                m_waitingBytes = 0;
                emptyFirst = std::exchange(m_emptyFirst, false);
                upTo = m_changes;
            }
        }
        runJobs(jobs);
        if (take && !ending) {
            restoreNow(take);
            return true;
        }
        if (!changes.empty() || emptyFirst)
            write(std::move(changes), emptyFirst, upTo);
        const std::lock_guard lock(m_mutex);
        return !ending || (!m_waiting.empty() && Steady::now() < m_closeBy);
    }

    void runJobs(const std::vector<Job> &jobs)
    {
        if (jobs.empty())
            return;
        const Result<> open = m_database ? Result<>() : openDatabase();
        for (const Job &job : jobs)
            job(open ? Result<Database *>(m_database.get()) : std::unexpected(open.error()));
    }

    void waitForWork(std::unique_lock<std::mutex> &lock)
    {
        for (;;) {
            if (!m_jobs.empty())
                return;
            if (m_closed) {
                const auto until = std::min(m_retryAt, m_closeBy);
                if (m_retryPause.count() == 0 || m_waiting.empty() || Steady::now() >= until)
                    return;
                m_wake.wait_until(lock, until);
                continue;
            }
            if (m_take)
                return;
            if (m_waiting.empty() && !m_emptyFirst) {
                m_written = m_changes;
                m_settled.notify_all();
                m_wake.wait(lock);
                continue;
            }
            const auto until = m_retryPause.count() > 0 ? m_retryAt : m_hurryTo > m_written ? Steady::now() : m_firstCame + m_options.limits.flush;
            if (Steady::now() >= until)
                return;
            m_wake.wait_until(lock, until);
        }
    }

    void restoreNow(const Take &take)
    {
        Result<AnswerRows::ReadCount> read = AnswerRows::ReadCount {};
        const auto goesOn = [this, &take](const AnswerKey &key, SharedAnswer answer) {
            take(key, std::move(answer));
            const std::lock_guard lock(m_mutex);
            return !m_closed;
        };
        if (m_database)
            read = AnswerRows(*m_database, m_hasher).read(m_clock.wallNow(), goesOn);
        std::function<void()> done;
        {
            const std::lock_guard lock(m_mutex);
            done = std::exchange(m_restored, {});
            if (read) {
                m_state.restored = read->read;
                m_state.damaged = read->damaged;
            }
            if (read && read->damaged > 0)
                m_state.problem = fmt::format("{} of the kept answers were damaged and are not used; look at the disk of the data folder.", read->damaged);
        }
        if (!read)
            failed(read.error(), "The kept answers cannot be read");
        if (done)
            done();
    }

    void write(AnswerRows::Changes changes, bool emptyFirst, std::uint64_t upTo)
    {
        const Result<> written = writeNow(changes, emptyFirst);
        if (written) {
            const std::lock_guard lock(m_mutex);
            m_written = upTo;
            m_retryPause = {};
            if (std::exchange(m_failing, false))
                m_state.problem.clear();
            m_settled.notify_all();
            return;
        }
        putBack(std::move(changes), emptyFirst);
        failed(written.error(), "Answers are not being kept for the next start");
    }

    Result<> writeNow(const AnswerRows::Changes &changes, bool emptyFirst)
    {
        if (!m_database) {
            if (auto opened = openDatabase(); !opened)
                return opened;
        }
        AnswerRows rows(*m_database, m_hasher);
        if (emptyFirst) {
            if (auto emptied = rows.removeAll(); !emptied)
                return emptied;
        }
        return rows.write(changes);
    }

    /// For the next try; what came in the meantime is newer.
    void putBack(AnswerRows::Changes changes, bool emptyFirst)
    {
        const std::lock_guard lock(m_mutex);
        m_emptyFirst = m_emptyFirst || emptyFirst;
        for (auto &[key, answer] : changes) {
            const std::size_t bytes = answer ? bytesOf(*answer) : 0;
            if (m_waiting.try_emplace(key, std::move(answer)).second)
                m_waitingBytes += bytes;
        }
    }

    void failed(const Error &error, std::string_view what)
    {
        if (error.code == ErrorCode::Invalid) { // damaged: it is set aside when it is opened again
            m_database.reset();
            setAside(m_options.path);
        }
        const std::lock_guard lock(m_mutex);
        m_failing = true;
        m_state.problem = fmt::format("{}: {}", what, error.message);
        m_retryPause = m_retryPause.count() == 0 ? m_options.limits.retryBase : std::min(m_retryPause * 2, m_options.limits.retryMax);
        m_retryAt = Steady::now() + m_retryPause;
    }

    const Options m_options;
    const KeyHasher &m_hasher;
    const Clock &m_clock;

    mutable std::mutex m_mutex;
    std::condition_variable m_wake, m_settled;
    AnswerRows::Changes m_waiting; ///< guarded, as all here
    std::size_t m_waitingBytes = 0;
    Steady::time_point m_firstCame, m_retryAt, m_closeBy;
    std::chrono::milliseconds m_retryPause {};
    bool m_emptyFirst = false, m_closed = false, m_failing = false;
    std::uint64_t m_changes = 0, m_written = 0, m_hurryTo = 0;
    Take m_take;
    std::function<void()> m_restored;
    std::vector<Job> m_jobs;
    ArchiveState m_state;

    std::unique_ptr<Database> m_database; ///< the thread's own; null: to be opened again
    std::thread m_thread;
};

AnswerArchive::AnswerArchive(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
AnswerArchive::~AnswerArchive() = default;

Result<std::unique_ptr<AnswerArchive>> AnswerArchive::open(Options options, const KeyHasher &hasher, const Clock &clock)
{
    auto impl = std::make_unique<Impl>(std::move(options), hasher, clock);
    if (auto started = impl->start(); !started)
        return std::unexpected(started.error());
    return std::unique_ptr<AnswerArchive>(new AnswerArchive(std::move(impl)));
}

void AnswerArchive::stored(const AnswerKey &key, SharedAnswer answer) { m_impl->change(key, std::move(answer)); }
void AnswerArchive::removed(const AnswerKey &key) { m_impl->change(key, nullptr); }
void AnswerArchive::restore(Take take, std::function<void()> done) { m_impl->restore(std::move(take), std::move(done)); }
void AnswerArchive::clear() { m_impl->clear(); }

void AnswerArchive::addReview(SemanticHit hit)
{
    (void)m_impl->post([hit = std::move(hit)](const Result<Database *> &database) {
        if (database)
            (void)ReviewRows(**database).add(hit); // a hit that nobody can judge is a hit all the same
    });
}

void AnswerArchive::reviews(ReviewQuery query, std::function<void(Result<ReviewPage>)> done)
{
    const bool posted = m_impl->post([query = std::move(query), done](const Result<Database *> &database) {
        done(database ? ReviewRows(**database).page(query) : Result<ReviewPage>(std::unexpected(database.error())));
    });
    if (!posted)
        done(fail(ErrorCode::Busy, "Too much waits for cache.db. Try again."));
}

void AnswerArchive::judge(std::int64_t row, Verdict verdict, std::function<void(Result<SemanticHit>)> done)
{
    const bool posted = m_impl->post([row, verdict, done](const Result<Database *> &database) {
        done(database ? ReviewRows(**database).judge(row, verdict) : Result<SemanticHit>(std::unexpected(database.error())));
    });
    if (!posted)
        done(fail(ErrorCode::Busy, "Too much waits for cache.db. Try again."));
}

ArchiveState AnswerArchive::state() const { return m_impl->state(); }
bool AnswerArchive::flush(std::chrono::milliseconds patience) { return m_impl->flush(patience); }

} // namespace gateway::storage
