// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/retention_bench.h"

#include "gateway/core/call_id.h"
#include "gateway/storage/call_log_reader.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/call_store.h"
#include "gateway/storage/checkpointer.h"
#include "gateway/storage/database.h"
#include "gateway/storage/retention.h"
#include "gateway/storage/schemas.h"
#include "tests/bench/call_traffic.h"

#include <QFileInfo>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;

namespace bench {

namespace {

using Steady = std::chrono::steady_clock;

double secondsSince(Steady::time_point start)
{
    return std::chrono::duration<double>(Steady::now() - start).count();
}

double cpuOfProcess()
{
    timespec spent {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

double cpuOfThread()
{
    timespec spent {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

/// How long things took, by phase.
class Times
{
public:
    void add(double ms)
    {
        const std::lock_guard lock(m_mutex);
        m_all.push_back(ms);
    }
    /// Prints and forgets them.
    void tell(const char *what)
    {
        const std::lock_guard lock(m_mutex);
        std::ranges::sort(m_all);
        const auto at = [this](double part) { return m_all.empty() ? 0 : m_all[static_cast<std::size_t>(static_cast<double>(m_all.size() - 1) * part)]; };
        std::printf("  %-24s middle %7.1f ms, of 100 the slowest %7.1f ms, the slowest of all %7.1f ms (%zu)\n", what, at(0.5), at(0.99), at(1), m_all.size());
        m_all.clear();
    }

private:
    std::mutex m_mutex;
    std::vector<double> m_all;
};

/// Stores calls of now at a steady pace, and notes when they were pushed and when stored.
class Feed
{
public:
    Feed(CallLogWriter &writer, int callsASecond, Times &stored) : m_writer(writer), m_callsASecond(callsASecond), m_stored(stored)
    {
        CallTraffic traffic({.calls = 5'000, .days = std::chrono::days(1), .until = SystemClock().wallNow(), .bodyBytes = 2048});
        while (!traffic.done())
            m_records.push_back(traffic.next());
        m_thread = std::jthread([this](const std::stop_token &stop) { run(stop); });
    }

    void committed(std::uint64_t row)
    {
        const auto now = Steady::now();
        const std::lock_guard lock(m_mutex);
        while (!m_waiting.empty() && m_first + m_waiting.front().first <= row) {
            m_stored.add(std::chrono::duration<double, std::milli>(now - m_waiting.front().second).count());
            m_waiting.pop_front();
        }
    }
    void setFirst(std::uint64_t row) { m_first = row; }

private:
    void run(const std::stop_token &stop)
    {
        SystemClock clock;
        CallIdMaker ids(1);
        std::uint64_t pushed = 0;
        const auto began = Steady::now();
        while (!stop.stop_requested()) {
            const auto due = static_cast<std::uint64_t>(secondsSince(began) * m_callsASecond);
            for (; pushed < due; ++pushed) {
                CallRecord record = m_records[pushed % m_records.size()];
                record.startedAt = clock.wallNow();
                record.id = ids.next(record.startedAt);
                m_writer.push(std::move(record), {});
            }
            {
                const std::lock_guard lock(m_mutex);
                m_waiting.emplace_back(pushed, Steady::now());
            }
            std::this_thread::sleep_for(10ms);
        }
    }

    CallLogWriter &m_writer;
    const int m_callsASecond;
    Times &m_stored;
    std::vector<CallRecord> m_records;
    std::mutex m_mutex;
    std::deque<std::pair<std::uint64_t, Steady::time_point>> m_waiting; ///< calls pushed up to then
    std::atomic<std::uint64_t> m_first {0};
    std::jthread m_thread; ///< last: it uses all of the above
};

double megabytes(const std::string &path)
{
    return static_cast<double>(QFileInfo(QString::fromStdString(path)).size()) / 1e6;
}

/// When the log's first call began.
WallTime beginningOf(const std::string &path)
{
    auto database = Database::open({.path = path, .access = Access::ReadOnly}, callLogSchema());
    const auto from = database ? (*database)->number("SELECT min(started_us) FROM calls") : Result<std::int64_t>(std::unexpected(database.error()));
    return WallTime(std::chrono::microseconds(from.value_or(0)));
}

} // namespace

void measureRetentionSteps(const std::string &path, const RetentionOptions &options)
{
    const WallTime now = SystemClock().wallNow();
    CallLogSettings settings;
    settings.log.maxSize = options.maxBytes;
    settings.log.keep = settings.log.keepBodies = std::chrono::days(4000);
    if (options.maxBytes == 0)
        settings.log.keep = settings.log.keepBodies = std::chrono::floor<std::chrono::milliseconds>(now - beginningOf(path) - std::chrono::days(options.days));
    const double size = megabytes(path);
    auto database = Database::open({.path = path, .cacheKiB = 4096, .checkpoints = false}, callLogSchema());
    auto store = database ? CallStore::open(**database, settings) : Result<std::unique_ptr<CallStore>>(std::unexpected(database.error()));
    if (!store) {
        std::printf("%s\n", store.error().message.c_str());
        return;
    }
    Retention retention(**database, [&store] { return (*store)->seal(); });
    Checkpointer checkpointer(**database);
    Times steps;
    const double cpu = cpuOfProcess();
    const auto start = Steady::now();
    std::size_t late = 0;
    for (bool more = true; more;) {
        const auto began = Steady::now();
        const double spent = cpuOfThread();
        const auto step = retention.step(settings.log, now);
        more = step && *step;
        const double ms = secondsSince(began) * 1e3;
        late += (cpuOfThread() - spent) * 1e3 > 20;
        steps.add(ms);
        checkpointer.keepLogShort();
    }
    std::printf("Retention's steps alone, %s: %.1f s, %.1f s of CPU; the file had %.0f MB and has %.0f MB; %zu steps took more than 20 ms of CPU\n", options.maxBytes > 0 ? "shrinking" : (std::to_string(options.days) + " days").c_str(),
                secondsSince(start), cpuOfProcess() - cpu, size, megabytes(path), late);
    steps.tell("a step took");
}

void measureRetention(const std::string &path, const RetentionOptions &options)
{
    SystemClock clock;
    CallLogSettings settings;
    settings.log.maxSize = 0;
    settings.log.keep = settings.log.keepBodies = std::chrono::days(4000);
    std::atomic<Feed *> feed {nullptr};
    auto writer = CallLogWriter::open({.path = path, .settings = settings, .committed = [&feed](std::uint64_t row) {
                                           if (Feed *fed = feed.load())
                                               fed->committed(row);
                                       }},
                                      clock);
    auto reader = CallLogReader::open(path);
    if (!writer || !reader) {
        std::printf("%s\n", (writer ? reader.error() : writer.error()).message.c_str());
        return;
    }
    Times stored, pages;
    Feed fed(**writer, options.callsASecond, stored);
    fed.setFirst((*writer)->state().committed);
    feed = &fed;
    const auto readPage = [&] {
        const auto start = Steady::now();
        static_cast<void>((*reader)->calls({.filter = *CallFilter::parse("team:search model:gpt-4o"), .limit = 100}));
        pages.add(secondsSince(start) * 1e3);
        std::this_thread::sleep_for(100ms);
    };

    constexpr auto before = 10s;
    const double idle = cpuOfProcess();
    auto start = Steady::now();
    while (Steady::now() - start < before)
        readPage();
    const double cpuASecond = (cpuOfProcess() - idle) / secondsSince(start);
    std::printf("Retention, %d calls stored a second; before:\n", options.callsASecond);
    stored.tell("a call was stored after");
    pages.tell("a first page took");

    constexpr std::int64_t spareBytes = 10'000'000; // free pages that the file keeps for what comes next, and some calls
    CallQuery old;
    old.limit = 1;
    if (options.maxBytes > 0) {
        settings.log.maxSize = options.maxBytes;
    } else {
        old.range.to = beginningOf(path) + std::chrono::days(options.days);
        settings.log.keep = settings.log.keepBodies = std::chrono::floor<std::chrono::milliseconds>(clock.wallNow() - old.range.to);
    }
    const double size = megabytes(path);
    const double cpu = cpuOfProcess();
    start = Steady::now();
    (*writer)->configure(settings);
    double largest = 0, smallest = size, gone = 0;
    auto changed = start;
    while (secondsSince(start) < 900) {
        readPage();
        const double now = megabytes(path);
        if (now < smallest - 0.5) {
            smallest = now;
            changed = Steady::now();
        }
        if (gone == 0) {
            const auto page = (*reader)->calls(old);
            if (options.maxBytes > 0 ? now * 1e6 <= static_cast<double>(options.maxBytes + spareBytes) : !page || page->rows.empty())
                gone = secondsSince(start);
        } else {
            largest = std::max(largest, now);
        }
        if (gone > 0 && secondsSince(changed) > 10 && secondsSince(start) - gone > 10)
            break;
    }
    const double took = secondsSince(start);
    std::printf("meanwhile (%s):\n", options.maxBytes > 0 ? "shrinking" : (std::to_string(options.days) + " days go").c_str());
    stored.tell("a call was stored after");
    pages.tell("a first page took");
    std::printf("  gone after %.1f s; %.1f s of CPU beside the calls'; the file had %.0f MB and has %.0f MB after %.0f s (at most %.0f MB once it was done)\n\n", gone, cpuOfProcess() - cpu - cpuASecond * took, size, megabytes(path),
                took, largest);
    feed = nullptr;
}

} // namespace bench
