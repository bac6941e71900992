// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of the call log (performance.md): rows written a second, pages of many rows with filters, 30-day charts, retention.
//   bench_call_log [ROWS (1000000)] [FILE: is used as it is where it exists, and kept] [BURST (300000)]
#include "gateway/core/call_id.h"
#include "gateway/storage/call_log_reader.h"
#include "gateway/storage/call_log_writer.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <thread>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

double secondsSince(Steady::time_point start)
{
    return std::chrono::duration<double>(Steady::now() - start).count();
}

double processSeconds()
{
    timespec spent {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

/// Calls of 6 teams, 24 keys, 8 routes, 5 providers and 10 models, evenly over 30 days; one in a hundred fails; one team in
/// 100,000 calls is rare.
class Traffic
{
public:
    /// @param span  over which the rows are spread, up to `until`
    Traffic(std::int64_t rows, WallTime until, std::chrono::microseconds span) : m_rows(rows), m_span(span), m_from(until - span) {}

    CallRecord next()
    {
        CallRecord record;
        record.startedAt = m_from + std::chrono::microseconds(static_cast<std::int64_t>(static_cast<double>(m_span.count()) * static_cast<double>(m_made++) / static_cast<double>(m_rows)));
        record.id = m_ids.next(record.startedAt);
        record.endpoint = Endpoint::ChatCompletions;
        const auto team = m_random() % 100'000 == 0 ? 5 : m_random() % 5;
        record.team = "team-" + std::to_string(team);
        record.key = record.team + "-key-" + std::to_string(m_random() % 4);
        record.keyId = "key_" + record.key;
        const auto route = m_random() % 8;
        record.route = "route-" + std::to_string(route);
        record.askedModel = record.route;
        record.provider = "provider-" + std::to_string(route % 5);
        record.model = "model-" + std::to_string(route + m_random() % 2);
        record.peer = "10.0.0.7";
        record.stream = m_random() % 2 == 0;
        record.latencyUs = static_cast<std::int32_t>(200'000 + m_random() % 3'000'000);
        record.firstByteUs = record.latencyUs / 4;
        record.httpStatus = 200;
        record.usage.input = 200 + m_random() % 2000;
        record.usage.output = m_random() % 600;
        record.cost = Money::fromNanos(static_cast<std::int64_t>(m_random() % 9'000'000));
        record.attempts.push_back({.provider = record.provider, .credential = "main", .model = record.model, .startedUs = 40, .firstByteUs = record.firstByteUs, .endedUs = record.latencyUs - 60, .httpStatus = 200, .ok = true,
                                   .usage = record.usage, .cost = record.cost});
        if (m_random() % 100 == 0) {
            record.status = CallStatus::Failed;
            record.error = ErrorCode::ServerError;
            record.httpStatus = 502;
            record.attempts[0].ok = false;
            record.attempts[0].error = ErrorCode::ServerError;
        }
        return record;
    }

private:
    std::int64_t m_rows;
    std::int64_t m_made = 0;
    std::chrono::microseconds m_span;
    WallTime m_from;
    CallIdMaker m_ids {1};
    std::mt19937 m_random {1};
};

bool writeRows(const char *name, const std::string &path, std::int64_t rows, std::chrono::microseconds span, const Clock &clock)
{
    CallLogSettings settings;
    settings.log.bodies = false;
    settings.log.keep = std::chrono::days(400);
    settings.log.maxSize = 0;
    auto writer = CallLogWriter::open({.path = path, .settings = settings}, clock);
    if (!writer) {
        std::fprintf(stderr, "%s\n", writer.error().message.c_str());
        return false;
    }
    Traffic traffic(rows, clock.wallNow(), span);
    const auto start = Steady::now();
    const double cpu = processSeconds();
    double making = 0;
    for (std::int64_t i = 0; i < rows; ++i) {
        if (i % 10'000 == 0) {
            while ((*writer)->state().waiting > 60'000)
                std::this_thread::sleep_for(1ms);
        }
        (*writer)->push(traffic.next(), {});
    }
    (*writer)->flush(10min);
    const double took = secondsSince(start);
    const double spent = processSeconds() - cpu;
    const auto alone = Steady::now();
    Traffic again(rows, clock.wallNow(), span);
    for (int i = 0; i < 100'000; ++i)
        static_cast<void>(again.next());
    making = secondsSince(alone) / 100'000 * static_cast<double>(rows);
    std::printf("%-11s %9.0f rows/s, %.1f us of CPU a row (making the records left out), %.0f MB\n", name, static_cast<double>(rows) / took, (spent - making) / static_cast<double>(rows) * 1e6,
                static_cast<double>(QFileInfo(QString::fromStdString(path)).size()) / 1e6);
    return true;
}

template <typename Question>
void measure(const std::string &name, Question question)
{
    constexpr int rounds = 4; // the first one reads the file's pages; of the others the quickest counts
    double first = 0;
    double best = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto start = Steady::now();
        question();
        const double took = secondsSince(start) * 1e3;
        if (round == 0)
            first = took;
        else
            best = round == 1 ? took : std::min(best, took);
    }
    std::printf("%-48s first %8.1f ms, best of 3 %8.1f ms\n", name.c_str(), first, best);
}

CallFilter filterOf(const std::string &text)
{
    return CallFilter::parse(text).value_or(CallFilter {});
}

void readPages(CallLogReader &reader, WallTime now)
{
    for (const char *text : {"", "team:team-2", "team:team-5", "key:team-1-key-2", "route:route-3", "provider:provider-1", "model:model-3", "team:nobody", "team:team-1 model:model-3",
                             "team:team-5 provider:provider-1", "key:team-1-key-2 status:>=500", "status:>=500", "state:failed", "error:server_error", "latency:>3s", "cost:>0.0089", "stream:true",
                             "team:team-* stream:true", "team:team-2 cost:>0.0089 latency:>3s"}) {
        CallQuery query;
        query.filter = filterOf(text);
        query.limit = 100;
        measure(std::string("first page   ") + text, [&] { static_cast<void>(reader.calls(query)); });
    }
    for (const char *text : {"", "team:team-2"}) {
        CallQuery middle;
        middle.filter = filterOf(text);
        middle.limit = 100;
        middle.before = CallCursor {.startedUs = (now - 15 * 24h).time_since_epoch().count(), .row = 1};
        measure(std::string("page in the middle  ") + text, [&] { static_cast<void>(reader.calls(middle)); });
    }
    CallQuery oldest;
    oldest.range.to = now - 29 * 24h;
    oldest.limit = 1;
    if (const auto page = reader.calls(oldest); page && !page->rows.empty()) {
        const std::string id = page->rows[0].record.id;
        measure("call by id", [&] { static_cast<void>(reader.call(id)); });
        CallQuery byId;
        byId.filter = filterOf("id:" + id.substr(0, 20) + "*");
        measure("first page   id:(20 letters)*", [&] { static_cast<void>(reader.calls(byId)); });
    }
    measure("call by id, not there", [&] { static_cast<void>(reader.call("call_01K0000000AAAAAAAAAAAAAAAA")); });
    for (const char *text : {"team:team-2", "team:team-1 model:model-3", "error:server_error"}) {
        CallQuery counted;
        counted.filter = filterOf(text);
        measure(std::string("count        ") + text, [&] { static_cast<void>(reader.count(counted)); });
    }
}

void readCharts(CallLogReader &reader, WallTime now)
{
    for (const char *text : {"", "team:team-2", "key:team-1-key-2", "provider:provider-1", "route:route-3", "model:model-3", "NOT provider:provider-1", "team:team-2 provider:provider-1",
                             "provider:provider-1 model:model-3", "key:team-1-key-2 route:route-3", "state:failed"}) {
        const SeriesQuery query {.range = {.from = now - 30 * 24h}, .bucketSeconds = 6 * 3600, .filter = filterOf(text)};
        measure(std::string("30-day chart ") + text, [&] { static_cast<void>(reader.series(query, "Europe/Berlin", now)); });
    }
    for (const char *text : {"", "provider:provider-1", "key:team-1-key-2", "route:route-3"}) {
        const SeriesQuery day {.range = {.from = now - 24h}, .bucketSeconds = 600, .filter = filterOf(text)};
        measure(std::string("24-hour chart ") + text, [&] { static_cast<void>(reader.series(day, "UTC", now)); });
    }
    const SeriesQuery hour {.range = {.from = now - 1h}, .bucketSeconds = 60, .filter = {}};
    measure("1-hour chart", [&] { static_cast<void>(reader.series(hour, "UTC", now)); });
    measure("provider strips, 24 h", [&] { static_cast<void>(reader.providerStrips({.range = {.from = now - 24h}, .bins = 48}, now)); });
    measure("provider strips, 30 days", [&] { static_cast<void>(reader.providerStrips({.range = {.from = now - 30 * 24h}, .bins = 48}, now)); });
    for (const char *text : {"", "provider:provider-1", "team:team-1 model:model-3"}) {
        const CallQuery query {.range = {.from = now - 30 * 24h}, .filter = filterOf(text)};
        measure(std::string("histogram, 30 days ") + text, [&] { static_cast<void>(reader.histogram(query, 6 * 3600, now)); });
    }
    measure("field values", [&] { static_cast<void>(reader.fieldValues("team", "")); });
    measure("use of keys and teams", [&] { static_cast<void>(reader.use("UTC", now)); });
}

/// Takes the log's oldest day out of it: changes the file.
void removeADay(const std::string &path, CallLogReader &reader, const Clock &clock)
{
    CallLogSettings settings;
    settings.log.bodies = false;
    settings.log.maxSize = 0;
    settings.log.keep = std::chrono::days(29);
    const auto start = Steady::now();
    const double cpu = processSeconds();
    auto writer = CallLogWriter::open({.path = path, .settings = settings}, clock);
    if (!writer)
        return;
    CallQuery old;
    old.range.to = clock.wallNow() - settings.log.keep;
    old.limit = 1;
    while (true) {
        const auto page = reader.calls(old);
        if (!page || page->rows.empty())
            break;
        std::this_thread::sleep_for(100ms);
    }
    std::printf("retention of a day                               %.1f s in steps, %.1f s of CPU\n", secondsSince(start), processSeconds() - cpu);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const std::int64_t rows = argc > 1 ? std::max<std::int64_t>(std::atoll(argv[1]), 1) : 1'000'000;
    QTemporaryDir folder;
    const std::string path = argc > 2 ? argv[2] : folder.filePath(QStringLiteral("calls.db")).toStdString();
    SystemClock clock;
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    // As a busy gateway writes: a few minutes' calls. Spread over 30 days nearly each row has roll-ups of its own.
    const std::int64_t burst = argc > 3 ? std::max<std::int64_t>(std::atoll(argv[3]), 1) : 300'000;
    if (!writeRows("write", folder.filePath(QStringLiteral("burst.db")).toStdString(), burst, 15s, clock))
        return 1;
    if (!QFileInfo::exists(QString::fromStdString(path)) && !writeRows("fill 30 d", path, rows, 30 * 24h, clock))
        return 1;
    auto reader = CallLogReader::open(path);
    if (!reader) {
        std::fprintf(stderr, "%s\n", reader.error().message.c_str());
        return 1;
    }
    readPages(**reader, clock.wallNow());
    readCharts(**reader, clock.wallNow());
    removeADay(path, **reader, clock);
    return 0;
}
