// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/text_indexer.h"

#include "gateway/storage/body_rows.h"
#include "gateway/storage/text_index.h"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <pthread.h>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace gateway::storage {

namespace {

constexpr int callsAStep = 256;
constexpr std::size_t bytesAStep = 4 * 1024 * 1024;
constexpr int leastPriority = 19; // nice
constexpr std::int64_t rowBeyondAll = std::numeric_limits<std::int64_t>::max();

std::vector<WordedCall> worded(const std::vector<StoredBodies> &stored)
{
    std::vector<WordedCall> calls;
    calls.reserve(stored.size());
    for (const StoredBodies &each : stored)
        calls.push_back({.row = each.row, .atUs = each.atUs, .words = bodyWords(each.bodies)});
    return calls;
}

} // namespace

class TextIndexer::Impl
{
public:
    explicit Impl(Options options) : m_options(std::move(options)), m_path(textPathBeside(m_options.callsPath)), m_thread([this] { run(); }) {}

    ~Impl()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_ending = true;
        }
        m_changed.notify_all();
        m_thread.join();
    }

    void configure(bool on)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_wanted == on && m_known)
                return;
            m_wanted = m_state.on = on;
            m_known = true;
            m_told = true;
        }
        m_changed.notify_all();
    }

    [[nodiscard]] TextIndexState state() const
    {
        const std::lock_guard lock(m_mutex);
        return m_state;
    }

private:
    void run()
    {
        pthread_setname_np(pthread_self(), "full-text");
        setpriority(PRIO_PROCESS, 0, leastPriority); // of this thread alone, as Linux has it
        std::chrono::milliseconds pause {0};
        while (true) {
            bool wanted = false;
            {
                std::unique_lock lock(m_mutex);
                const auto woken = [this] { return m_ending || m_told; };
                if (m_known && m_wanted)
                    m_changed.wait_for(lock, pause, woken);
                else
                    m_changed.wait(lock, woken);
                if (m_ending)
                    break;
                m_told = false;
                wanted = m_wanted;
            }
            const auto more = wanted ? step() : off();
            pause = more ? (*more ? std::chrono::milliseconds {0} : m_options.look) : m_options.pause;
            tell(more ? std::string() : more.error().message, wanted && more && !*more);
        }
        close();
    }

    void close()
    {
        m_index.reset();
        m_reader.reset();
    }

    Result<bool> off()
    {
        close();
        m_firstBody = 0;
        auto removed = TextIndex::remove(m_path);
        return removed ? Result<bool>(false) : std::unexpected(removed.error());
    }

    /// @return whether there is more to do at once
    Result<bool> step() { return m_startAnew ? startAnew() : work(); }

    /// One that is damaged is made again.
    std::unexpected<Error> indexFailed(const Error &error)
    {
        m_startAnew = error.code == ErrorCode::Invalid;
        return std::unexpected(error);
    }

    Result<bool> startAnew()
    {
        auto removed = off();
        if (!removed)
            return removed;
        m_startAnew = false;
        return true;
    }

    Result<bool> work()
    {
        if (auto opened = open(); !opened)
            return std::unexpected(opened.error());
        auto newer = m_reader->read(StretchOf::RowsAfter, m_index->place().upTo, callsAStep, bytesAStep);
        if (!newer)
            return std::unexpected(newer.error());
        if (newer->lastRow < m_index->place().upTo)
            return startAnew(); // the log is another one than before
        m_firstBody = newer->firstRow == 0 ? rowBeyondAll : newer->firstRow;
        const std::int64_t upTo = newer->more ? newer->calls.back().row : newer->lastRow;
        if (upTo > m_index->place().upTo) {
            if (auto added = m_index->addNewer(worded(newer->calls), upTo); !added)
                return indexFailed(added.error());
        }
        if (newer->more)
            return true;
        const auto forgot = m_index->forgetBefore(m_firstBody);
        if (!forgot)
            return indexFailed(forgot.error());
        if (*forgot)
            return true;
        return workOnOlder();
    }

    Result<bool> workOnOlder()
    {
        if (m_index->place().from <= m_firstBody)
            return false;
        auto older = m_reader->read(StretchOf::RowsBefore, m_index->place().from, callsAStep, bytesAStep);
        if (!older)
            return std::unexpected(older.error());
        const std::int64_t from = older->calls.empty() ? m_firstBody : older->calls.front().row;
        if (auto added = m_index->addOlder(worded(older->calls), std::min(from, m_index->place().from)); !added)
            return indexFailed(added.error());
        return older->more;
    }

    Result<> open()
    {
        if (!m_reader) {
            auto reader = BodyReader::open(m_options.callsPath);
            if (!reader)
                return std::unexpected(reader.error());
            m_reader = std::move(*reader);
        }
        if (m_index)
            return {};
        const auto last = m_reader->read(StretchOf::RowsAfter, rowBeyondAll, 1, 1);
        if (!last)
            return std::unexpected(last.error());
        auto index = TextIndex::open(m_path, last->lastRow);
        if (!index)
            return indexFailed(index.error());
        m_index = std::move(*index);
        return {};
    }

    void tell(std::string problem, bool rests)
    {
        TextIndexState state {.on = m_index != nullptr, .complete = rests, .problem = std::move(problem)};
        if (m_index) {
            const TextPlace place = m_index->place();
            const double all = static_cast<double>(place.upTo - std::min(m_firstBody, place.upTo) + 1);
            const double there = static_cast<double>(place.upTo - std::max(place.from, std::min(m_firstBody, place.upTo)) + 1);
            state.complete = rests && place.from <= m_firstBody;
            state.done = state.complete ? 1 : std::clamp(there / all, 0.0, 1.0);
            state.calls = m_index->calls();
            state.bytes = m_index->bytes();
        }
        const std::lock_guard lock(m_mutex);
        state.on = m_wanted;
        m_state = std::move(state);
    }

    const Options m_options;
    const std::string m_path;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_wanted = false, m_known = false, m_told = false, m_ending = false;
    TextIndexState m_state;

    // the thread's own
    std::unique_ptr<BodyReader> m_reader;
    std::unique_ptr<TextIndex> m_index;
    std::int64_t m_firstBody = 0; ///< of the log
    bool m_startAnew = false;
    std::thread m_thread; ///< last: it uses all of the above
};

TextIndexer::TextIndexer(Options options) : m_impl(std::make_unique<Impl>(std::move(options))) {}
TextIndexer::~TextIndexer() = default;
void TextIndexer::configure(bool on) { m_impl->configure(on); }
TextIndexState TextIndexer::state() const { return m_impl->state(); }

} // namespace gateway::storage
