// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a call log of realistic calls (call_traffic.h), through the writer that the gateway has.
//   make_calls [--calls 10000000] [--days 90] [--until 2026-11-29T12:00:00Z: else now] [--seed 7] [--bodies BYTES] FILE
#include "gateway/storage/call_log_writer.h"
#include "tests/bench/call_traffic.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>

#include <chrono>
#include <cstdio>
#include <thread>

using namespace gateway;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t lookEvery = 1'000;
constexpr std::uint64_t waitingAtMost = 15'000; // with bodies, more than fits the writer's bounds would be given up

int make(const std::string &path, const bench::TrafficOptions &options)
{
    SystemClock clock;
    storage::CallLogSettings settings;
    settings.log.bodies = options.bodyBytes > 0;
    settings.log.keep = settings.log.keepBodies = std::chrono::days(4000); // all of them, however long ago they are said to be
    settings.log.maxSize = 0;
    auto writer = storage::CallLogWriter::open({.path = path, .settings = settings}, clock);
    if (!writer) {
        std::fprintf(stderr, "%s\n", writer.error().message.c_str());
        return 1;
    }
    bench::CallTraffic traffic(options);
    const auto began = std::chrono::steady_clock::now();
    const auto report = [&](std::int64_t made, char end) {
        const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        std::printf("\r%lld calls, %.0f a second, %.0f MB%c", static_cast<long long>(made), static_cast<double>(made) / took, static_cast<double>(QFileInfo(QString::fromStdString(path)).size()) / 1e6, end);
        std::fflush(stdout);
    };
    for (std::int64_t made = 0; !traffic.done(); ++made) {
        if (made % lookEvery == 0) {
            while ((*writer)->state().waiting > waitingAtMost)
                std::this_thread::sleep_for(1ms);
            if (const StoreState state = (*writer)->state(); !state.healthy) {
                std::fprintf(stderr, "\n%s\n", state.problem.c_str());
                return 1;
            }
            if (made % 1'000'000 == 0 && made > 0)
                report(made, ' ');
        }
        (*writer)->push(traffic.next(), {});
    }
    if (!(*writer)->flush(10min))
        return 1;
    if (const std::uint64_t dropped = (*writer)->state().dropped; dropped > 0) {
        std::fprintf(stderr, "\n%llu calls were given up.\n", static_cast<unsigned long long>(dropped));
        return 1;
    }
    report(options.calls, '\n');
    return 0;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addPositionalArgument(u"FILE"_s, u"the call log; calls are added to one that exists"_s);
    parser.addOptions({{u"calls"_s, u"how many"_s, u"NUMBER"_s, u"10000000"_s},
                       {u"days"_s, u"over which they are spread"_s, u"DAYS"_s, u"90"_s},
                       {u"until"_s, u"when these end; else now"_s, u"TIME"_s},
                       {u"seed"_s, u"the same seed and options give the same calls"_s, u"NUMBER"_s, u"7"_s},
                       {u"bodies"_s, u"bytes of request and answer together; 0: none"_s, u"BYTES"_s, u"0"_s}});
    parser.process(app);
    if (parser.positionalArguments().size() != 1)
        parser.showHelp(2);
    bench::TrafficOptions options;
    options.calls = std::max(parser.value(u"calls"_s).toLongLong(), 1LL);
    options.days = std::chrono::days(std::max(parser.value(u"days"_s).toInt(), 1));
    options.until = WallTime(std::chrono::milliseconds(parser.isSet(u"until"_s) ? QDateTime::fromString(parser.value(u"until"_s), Qt::ISODate).toMSecsSinceEpoch() : QDateTime::currentMSecsSinceEpoch()));
    options.seed = parser.value(u"seed"_s).toULongLong();
    options.bodyBytes = parser.value(u"bodies"_s).toULongLong();
    return make(parser.positionalArguments().constFirst().toStdString(), options);
}
