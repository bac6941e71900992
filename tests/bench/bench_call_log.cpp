// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of the call log (performance.md) over a file that make_calls made: bytes a call, first pages, Overview, Costs, paging
// far into it with the memory that takes, retention; what dictionaries save of bodies; and what the writer takes, in files of its own.
//   bench_call_log [--only size,pages,overview,costs,groups,paging,bodies,writer,text,retention] [--seconds 60] [--days 1 | --shrink MB] [--rate 2000] FILE
// Only what --only names is measured; text makes an index beside FILE, and retention takes the oldest days out of FILE: neither is
// measured unless it is named.
#include "gateway/core/call_id.h"
#include "gateway/core/costs.h"
#include "gateway/core/usage.h"
#include "gateway/storage/body_codec.h"
#include "gateway/storage/call_log_reader.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"
#include "gateway/storage/text_indexer.h"
#include "tests/bench/call_traffic.h"
#include "tests/bench/retention_bench.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QTemporaryDir>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

using Steady = std::chrono::steady_clock;

double secondsSince(Steady::time_point start)
{
    return std::chrono::duration<double>(Steady::now() - start).count();
}

double cpuSeconds(clockid_t of)
{
    timespec spent {};
    clock_gettime(of, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

double memoryMB(const char *what)
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(what))
            return static_cast<double>(line.mid(static_cast<qsizetype>(qstrlen(what))).simplified().split(' ').constFirst().toLongLong()) / 1024;
    }
    return 0;
}

/// Prints the worst of a group of questions against what is wanted. On a machine that is busy with other things the CPU time
/// tells more.
class Group
{
public:
    Group(const char *name, double wantedMs) : m_name(name), m_wantedMs(wantedMs) {}
    ~Group()
    {
        std::printf("%s: the slowest %.1f ms (%s), wanted <= %.0f ms: %s; the most CPU %.1f ms (%s)\n\n", m_name, m_slowest.ms, m_slowest.name.c_str(), m_wantedMs, m_slowest.ms <= m_wantedMs ? "holds" : "FAILS",
                    m_dearest.ms, m_dearest.name.c_str());
    }
    Group(const Group &) = delete;
    Group &operator=(const Group &) = delete;

    /// The first time reads the file's pages, of three more the middle one counts.
    template <typename Question>
    void measure(const std::string &name, Question question)
    {
        std::array<double, 4> took {};
        std::array<double, 4> cpu {};
        for (std::size_t i = 0; i < took.size(); ++i) {
            const auto start = Steady::now();
            const double spent = cpuSeconds(CLOCK_THREAD_CPUTIME_ID);
            if (const auto answer = question(); !answer)
                std::printf("%s: %s\n", name.c_str(), answer.error().message.c_str());
            took[i] = secondsSince(start) * 1e3;
            cpu[i] = (cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - spent) * 1e3;
        }
        std::sort(took.begin() + 1, took.end());
        std::sort(cpu.begin() + 1, cpu.end());
        std::printf("  %-58s %8.1f ms, %8.1f of CPU; the first time %8.1f ms\n", name.c_str(), took[2], cpu[2], took[0]);
        m_slowest = std::max(m_slowest, Worst {took[2], name});
        m_dearest = std::max(m_dearest, Worst {cpu[2], name});
    }

private:
    struct Worst
    {
        double ms = 0;
        std::string name;
        auto operator<=>(const Worst &) const = default;
    };
    const char *m_name;
    double m_wantedMs;
    Worst m_slowest, m_dearest;
};

CallFilter filterOf(const std::string &text)
{
    auto filter = CallFilter::parse(text);
    if (!filter)
        std::printf("%s: %s\n", text.c_str(), filter.error().message.c_str());
    return filter.value_or(CallFilter {});
}

void measureSize(const std::string &path)
{
    auto database = Database::open({.path = path, .access = Access::ReadOnly}, callLogSchema());
    if (!database)
        return;
    const auto number = [&](const char *sql) { return static_cast<double>((*database)->number(sql).value_or(0)); };
    const double calls = number("SELECT value FROM marks WHERE name = 'last_row'");
    const double used = (number("PRAGMA page_count") - number("PRAGMA freelist_count")) * number("PRAGMA page_size");
    std::printf("%.0f calls, %.0f MB: %.1f bytes a call with roll-ups and indices; wanted <= 250 without bodies: %s\n", calls, used / 1e6, used / calls, used / calls <= 250 ? "holds" : "FAILS");
    auto parts = (*database)->prepare("SELECT name, pgsize FROM dbstat('main', 1) ORDER BY pgsize DESC LIMIT 24");
    if (!parts || !parts->run())
        return;
    while (parts->next())
        std::printf("  %-32s %8.1f MB %7.1f bytes a call\n", parts->text(0).c_str(), static_cast<double>(parts->integer(1)) / 1e6, static_cast<double>(parts->integer(1)) / calls);
    std::printf("\n");
}

void measurePages(CallLogReader &reader, WallTime end)
{
    Group group("First page of a filter", 150);
    for (const char *text : {"", "team:search model:gpt-4o", "team:hr provider:bedrock", "team:support status:>=500", "key:search-prod error:overloaded", "route:classify latency:>2s", "customer:cus_* team:legal",
                             "tag:eu route:chat", "model:claude-* cost:>0.2", "endpoint:rerank team:fraud", "provider:vertex stream:true", "team:finance tokens.in:>30000", "session:s-* tag:nightly",
                             "state:cut team:mobile", "error:connect", "team:nobody", "latency:>40s", "cost:>0.5", "team:research team:legal"}) {
        CallQuery query;
        query.filter = filterOf(text);
        query.limit = 100;
        group.measure(text[0] == '\0' ? "(all)" : text, [&] { return reader.calls(query); });
    }
    CallQuery middle;
    middle.filter = filterOf("team:search model:gpt-4o");
    middle.before = CallCursor {.startedUs = (end - 45 * 24h).time_since_epoch().count(), .row = 1};
    group.measure("team:search model:gpt-4o, 45 days ago", [&] { return reader.calls(middle); });
    middle.limit = 1;
    if (const auto page = reader.calls(middle); page && !page->rows.empty())
        group.measure("a call by its id", [&] { return reader.call(page->rows[0].record.id); });
}

void measureOverview(CallLogReader &reader, WallTime end)
{
    Group group("Overview, any range", 200);
    const std::vector<std::pair<const char *, std::chrono::seconds>> ranges {{"15 m", 15min}, {"1 h", 1h}, {"6 h", 6h}, {"24 h", 24h}, {"7 d", 7 * 24h}, {"30 d", 30 * 24h}, {"90 d", 90 * 24h}, {"1 y", 365 * 24h}};
    for (const char *text : {"", "team:search", "key:search-prod", "provider:openai", "route:chat", "model:gpt-4o", "team:search provider:openai"}) {
        for (const auto &[name, range] : ranges) {
            std::int64_t bucket = 604'800;
            for (const std::int64_t length : {15, 60, 300, 600, 1800, 3600, 10'800, 21'600, 43'200, 86'400, 172'800, 604'800}) {
                if (range.count() / length <= 60) {
                    bucket = length;
                    break;
                }
            }
            const SeriesQuery query {.range = {.from = end - range}, .bucketSeconds = bucket, .filter = filterOf(text)};
            group.measure(std::string(name) + " " + text, [&] { return reader.series(query, "Europe/Berlin", end); });
        }
    }
    for (const auto range : {1h, 24h, 24h * 30})
        group.measure("providers' health, hours: " + std::to_string(range.count()), [&] { return reader.providerStrips({.range = {.from = end - range}, .bins = 48}, end); });
}

/// Where the days of a zone begin, up to the end of the last one.
std::vector<WallTime> daysBefore(WallTime end, int days, const char *zone)
{
    const QTimeZone of(zone);
    const QDate last = QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(end).time_since_epoch().count(), of).date();
    std::vector<WallTime> borders;
    for (int i = 1 - days; i <= 1; ++i)
        borders.emplace_back(std::chrono::milliseconds(last.addDays(i).startOfDay(of).toMSecsSinceEpoch()));
    return borders;
}

void measureCosts(CallLogReader &reader, WallTime end)
{
    Group group("Costs, any two dimensions", 300);
    const auto measure = [&](const std::string &name, const CostQuery &query) { group.measure(name, [&] { return reader.costs(query); }); };
    for (std::size_t i = 0; i < costFieldCount; ++i) {
        for (std::size_t j = i; j < costFieldCount; ++j) {
            CostQuery query {.borders = daysBefore(end, 90, "Europe/Berlin"), .by = static_cast<CostField>(i), .customers = true};
            if (j > i)
                query.then = static_cast<CostField>(j);
            measure(std::string(toText(query.by)) + (query.then ? " x " + std::string(toText(*query.then)) : std::string()) + ", 90 days", query);
        }
    }
    measure("customer x model, 90 days of Nepal", {.borders = daysBefore(end, 90, "Asia/Kathmandu"), .by = CostField::Customer, .then = CostField::Model, .customers = true});
    measure("customer x model, 30 days and those before", {.borders = daysBefore(end, 30, "Europe/Berlin"), .before = daysBefore(end - 30 * 24h, 30, "Europe/Berlin"), .by = CostField::Customer, .then = CostField::Model, .customers = true});
    measure("team x model of a customer, 90 days", {.borders = daysBefore(end, 90, "Europe/Berlin"), .filter = filterOf("customer:cus_*"), .then = CostField::Model, .customers = true});
    measure("customer x tags of team:search, 90 days", {.borders = daysBefore(end, 90, "Europe/Berlin"), .filter = filterOf("team:search"), .by = CostField::Customer, .then = CostField::Tags, .customers = true});
}

/// What programs ask for (/api/v1/usage); each row has its quantiles of durations.
void measureUsage(CallLogReader &reader, WallTime end)
{
    Group group("Usage", 1000);
    const auto usage = [&](const char *name, std::vector<UsageField> fields, std::chrono::hours range, UsageBucket bucket) {
        const UsageQuery query {.range = {.from = end - range, .to = end}, .filter = {}, .groupBy = std::move(fields), .bucket = bucket};
        group.measure(name, [&] { return reader.usage(query, "Europe/Berlin"); });
    };
    usage("usage by team and model, a row a day, 90 days", {UsageField::Team, UsageField::Model}, 90 * 24h, UsageBucket::Day);
    usage("usage by key and route, 90 days", {UsageField::Key, UsageField::Route}, 90 * 24h, UsageBucket::Whole);
}

/// What calls have in common: values with their counts, causes of errors, sessions.
void measureGroups(CallLogReader &reader, WallTime end)
{
    const std::array ranges {std::pair {"an hour", TimeRange {.from = end - 1h, .to = end}}, std::pair {"30 days", TimeRange {.from = end - 30 * 24h, .to = end}}, std::pair {"all", TimeRange {}}};
    {
        Group values("values", 450); // they give up after 400
        for (const auto &[name, range] : ranges) {
            for (const char *text : {"", "team:search", "status:>=400", "latency:>2s"})
                values.measure(std::string("values, ") + name + " " + text, [&] { return reader.facets({.range = range, .filter = filterOf(text)}); });
        }
    }
    Group group("groups", 2000);
    for (const auto &[name, range] : ranges) {
        group.measure(std::string("causes, ") + name, [&] { return reader.causes({.range = range, .filter = {}}); });
        group.measure(std::string("sessions, ") + name, [&] { return reader.bonds({.range = range, .filter = {}}); });
    }
    const auto facets = reader.facets({.range = {}, .filter = {}});
    const auto causes = reader.causes({.range = {}, .filter = {}});
    if (facets && causes)
        std::printf("  values of all calls %s; causes %s: %llu calls, %zu causes\n", facets->complete ? "complete" : "at least", causes->complete ? "complete" : "at least", static_cast<unsigned long long>(causes->calls), causes->causes.size());
    if (const auto sessions = reader.bonds({.range = {}, .filter = {}}); sessions && !sessions->sums.empty())
        group.measure("a session's tree", [&] { return reader.tree({.bond = Bond::Session, .id = sessions->sums.front().id}); });
    if (causes && !causes->causes.empty()) {
        const CallQuery query {.range = {}, .filter = filterOf(("cause:\"" + causes->causes.front().key + "\"").c_str()), .limit = 500};
        group.measure("a cause's calls", [&] { return reader.calls(query); });
    }
}

void measurePaging(CallLogReader &reader)
{
    constexpr std::int64_t wanted = 5'000'000;
    CallQuery query;
    query.limit = 1000;
    std::int64_t rows = 0;
    double before = 0;
    const auto start = Steady::now();
    while (rows < wanted) {
        const auto page = reader.calls(query);
        if (!page || page->rows.empty())
            break;
        rows += static_cast<std::int64_t>(page->rows.size());
        query.before = page->rows.back().cursor;
        if (before == 0)
            before = memoryMB("VmRSS:");
    }
    const double most = memoryMB("VmHWM:");
    std::printf("Paging to row %lld: %.1f s; memory %.0f MB after the first page, %.0f MB at its end, never above %.0f MB, wanted <= 400 MB: %s\n\n", static_cast<long long>(rows), secondsSince(start), before,
                memoryMB("VmRSS:"), most, most <= 400 ? "holds" : "FAILS");
}

/// As a busy gateway writes: calls of now, as fast as they are taken.
void measureWriter(std::size_t bodyBytes, int seconds, double wanted)
{
    SystemClock clock;
    QTemporaryDir folder;
    CallLogSettings settings;
    settings.log.bodies = bodyBytes > 0;
    auto writer = CallLogWriter::open({.path = folder.filePath(u"calls.db"_s).toStdString(), .settings = settings}, clock);
    if (!writer) {
        std::printf("%s\n", writer.error().message.c_str());
        return;
    }
    constexpr std::int64_t ready = 20'000;
    bench::CallTraffic traffic({.calls = ready, .days = std::chrono::days(1), .until = clock.wallNow(), .bodyBytes = bodyBytes});
    std::vector<CallRecord> records;
    while (!traffic.done())
        records.push_back(traffic.next());
    CallIdMaker ids(1);
    const auto start = Steady::now();
    const double cpu = cpuSeconds(CLOCK_PROCESS_CPUTIME_ID);
    const double own = cpuSeconds(CLOCK_THREAD_CPUTIME_ID);
    std::int64_t pushed = 0;
    while (secondsSince(start) < seconds) {
        while ((*writer)->state().waiting > ready)
            std::this_thread::sleep_for(1ms);
        for (int i = 0; i < 500; ++i) {
            CallRecord record = records[static_cast<std::size_t>(pushed++ % ready)];
            record.startedAt = clock.wallNow();
            record.id = ids.next(record.startedAt);
            (*writer)->push(std::move(record), {});
        }
    }
    (*writer)->flush(1min);
    const double took = secondsSince(start);
    const double spent = cpuSeconds(CLOCK_PROCESS_CPUTIME_ID) - cpu - (cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - own);
    const auto calls = static_cast<double>(pushed);
    std::printf("Writer, %s: %.0f calls/s for %.0f s, %.1f us of CPU a call (%.0f calls a second of one core), %.0f MB, %.0f dropped; wanted >= %.0f calls/s on one core: %s\n",
                bodyBytes > 0 ? "2 KB bodies" : "bodies off", calls / took, took, spent / calls * 1e6, calls / spent, static_cast<double>(QFile(folder.filePath(u"calls.db"_s)).size()) / 1e6,
                static_cast<double>((*writer)->state().dropped), wanted, calls / spent >= wanted ? "holds" : "FAILS");
}

/// What a dictionary (body_dictionary.h) saves of bodies, and what it costs.
void measureBodies(WallTime end)
{
    constexpr std::size_t made = 6000;
    for (const bool answers : {false, true}) {
        bench::CallTraffic traffic({.calls = made, .days = std::chrono::days(1), .until = end, .bodyBytes = 2048});
        std::vector<std::string> bodies;
        while (!traffic.done()) {
            const CallRecord record = traffic.next();
            const std::string &body = answers ? record.bodies.answer : record.bodies.request;
            if (!body.empty())
                bodies.push_back(body);
        }
        const auto began = Steady::now();
        const QByteArray dictionary = makeDictionary({bodies.begin(), bodies.begin() + DictionaryMaker::bodiesWanted});
        std::printf("Bodies, %s: a dictionary of %lld bytes in %.0f ms\n", answers ? "answers" : "requests", static_cast<long long>(dictionary.size()), secondsSince(began) * 1e3);
        for (const bool by : {false, true}) {
            BodyCodec codec;
            if (by)
                codec.use(BodyKind::Request, 1, dictionary);
            double least = 1e9;
            std::size_t plain = 0, packed = 0;
            for (int round = 0; round < 5; ++round) { // the machine may be busy: the shortest counts
                const double cpu = cpuSeconds(CLOCK_THREAD_CPUTIME_ID);
                plain = packed = 0;
                for (std::size_t i = DictionaryMaker::bodiesWanted; i < bodies.size(); ++i) {
                    plain += bodies[i].size();
                    packed += static_cast<std::size_t>(codec.packed(bodies[i], BodyKind::Request).size());
                }
                least = std::min(least, cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - cpu);
            }
            const auto count = static_cast<double>(bodies.size() - DictionaryMaker::bodiesWanted);
            std::printf("  %s: %.0f bytes become %.0f (%.2f to 1), %.2f us of CPU each\n", by ? "by the dictionary" : "without one", static_cast<double>(plain) / count, static_cast<double>(packed) / count,
                        static_cast<double>(plain) / static_cast<double>(packed), least / count * 1e6);
        }
    }
    std::printf("\n");
}

/// How large an index of all bodies is, how long it takes to make, and first pages by it.
void measureFullText(const std::string &path, CallLogReader &reader)
{
    const double cpu = cpuSeconds(CLOCK_PROCESS_CPUTIME_ID);
    const auto start = Steady::now();
    TextIndexer indexer({.callsPath = path});
    indexer.configure(true);
    while (!indexer.state().complete && indexer.state().problem.empty())
        std::this_thread::sleep_for(100ms);
    const TextIndexState state = indexer.state();
    const double spent = cpuSeconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    const auto calls = static_cast<double>(std::max<std::uint64_t>(state.calls, 1));
    std::printf("Full text: %.0f calls in %.0f s, %.0f us of CPU each; %.0f MB, %.0f bytes each, beside %.0f MB of calls.db. %s\n", calls, secondsSince(start), spent / calls * 1e6, static_cast<double>(state.bytes) / 1e6,
                static_cast<double>(state.bytes) / calls, static_cast<double>(QFile(QString::fromStdString(path)).size()) / 1e6, state.problem.c_str());
    Group group("First page of words", 150);
    for (const char *text : {"text:order", "text:refund", "text:nowhere", "text:re*", "text:a*", "text:\"order number\"", "text:refund team:search", "text:order text:refund", "text:refund OR team:search", "NOT text:order", "text:order status:>=500"}) {
        CallQuery query;
        query.filter = filterOf(text);
        query.limit = 100;
        group.measure(text, [&] { return reader.calls(query); });
    }
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addPositionalArgument(u"FILE"_s, u"a call log, of make_calls"_s);
    parser.addOptions({{u"only"_s, u"what is measured"_s, u"PARTS"_s, u"size,pages,overview,costs,usage,groups,paging,bodies,writer"_s}, {u"seconds"_s, u"how long the writer writes"_s, u"SECONDS"_s, u"60"_s},
                       {u"days"_s, u"how many of the oldest retention takes out"_s, u"DAYS"_s, u"1"_s}, {u"rate"_s, u"calls a second that are stored meanwhile; 0: retention's steps alone"_s, u"CALLS"_s, u"2000"_s},
                       {u"shrink"_s, u"retention by size: so many are left"_s, u"MEGABYTES"_s, u"0"_s}});
    parser.process(app);
    if (parser.positionalArguments().size() != 1)
        parser.showHelp(2);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const std::string path = parser.positionalArguments().constFirst().toStdString();
    const QStringList parts = parser.value(u"only"_s).split(u',');
    auto reader = CallLogReader::open(path);
    if (!reader) {
        std::fprintf(stderr, "%s\n", reader.error().message.c_str());
        return 1;
    }
    const auto latest = (*reader)->calls({.limit = 1});
    if (!latest || latest->rows.empty())
        return 1;
    const WallTime end = latest->rows[0].record.startedAt + 1s; // the file may be of yesterday
    if (parts.contains(u"size"_s))
        measureSize(path);
    if (parts.contains(u"paging"_s))
        measurePaging(**reader); // first, so that its memory is its own
    if (parts.contains(u"pages"_s))
        measurePages(**reader, end);
    if (parts.contains(u"overview"_s))
        measureOverview(**reader, end);
    if (parts.contains(u"costs"_s))
        measureCosts(**reader, end);
    if (parts.contains(u"usage"_s))
        measureUsage(**reader, end);
    if (parts.contains(u"groups"_s))
        measureGroups(**reader, end);
    if (parts.contains(u"bodies"_s))
        measureBodies(end);
    if (parts.contains(u"writer"_s)) {
        measureWriter(0, parser.value(u"seconds"_s).toInt(), 20'000);
        measureWriter(2048, parser.value(u"seconds"_s).toInt(), 5'000);
    }
    if (parts.contains(u"text"_s))
        measureFullText(path, **reader);
    if (parts.contains(u"retention"_s)) {
        reader->reset();
        const bench::RetentionOptions options {.days = parser.value(u"days"_s).toInt(), .callsASecond = parser.value(u"rate"_s).toInt(), .maxBytes = parser.value(u"shrink"_s).toLongLong() * 1'000'000};
        if (options.callsASecond == 0)
            bench::measureRetentionSteps(path, options);
        else
            bench::measureRetention(path, options);
    }
    return 0;
}
