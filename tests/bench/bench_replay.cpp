// SPDX-License-Identifier: GPL-3.0-or-later
// How long a replay takes: ROWS calls of a log through an edited route, twice, which must give the same.
//   bench_replay [ROWS (1000000)] [FILE: is used as it is where it exists, and kept]
#include "gateway/api/replay_run.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/core/call_id.h"
#include "gateway/pipeline/compile.h"
#include "gateway/storage/call_log_reader.h"
#include "gateway/storage/call_log_writer.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <optional>
#include <random>
#include <string>

using namespace gateway;

namespace {

constexpr std::string_view edited = R"(version: 1
providers:
  - { name: a, kind: vllm, base_url: "http://127.0.0.1:1/v1" }
  - { name: b, kind: vllm, base_url: "http://127.0.0.1:2/v1" }
  - { name: c, kind: vllm, base_url: "http://127.0.0.1:3/v1" }
routes:
  - name: fast
    plan:
      when: [{ if: { tokens.input: { $gt: 2500 } }, then: { provider: c, model: m } }]
      else:
        fallback:
          - { split: [{ weight: 3, to: { provider: a, model: m } }, { weight: 1, to: { provider: b, model: m } }] }
          - { provider: b, model: m }
          - { provider: c, model: m }
)";

constexpr std::chrono::hours spread {28 * 24}; // less than the log keeps

/// One call in thirty fails at its first target, and half of those at the second too.
CallRecord made(WallTime from, std::int64_t number, std::int64_t rows, CallIdMaker &ids, std::mt19937 &random)
{
    CallRecord record;
    record.startedAt = from + std::chrono::microseconds(std::chrono::microseconds(spread).count() / rows * number);
    record.id = ids.next(record.startedAt);
    record.endpoint = Endpoint::ChatCompletions;
    record.team = "team-" + std::to_string(random() % 5);
    record.key = record.team + "-key";
    record.keyId = "key_" + record.team;
    record.askedModel = record.route = "fast";
    record.stream = random() % 2 == 0;
    record.usage.input = random() % 3000;
    record.usage.output = random() % 800;
    record.cost = Money::fromNanos(random() % 20'000'000);
    record.httpStatus = 200;
    const char *const providers[] {"a", "b", "c"};
    std::int32_t at = 500;
    for (int i = 0; i < 3; ++i) {
        const bool ok = i == 2 || random() % (i == 0 ? 30 : 2) != 0;
        const auto took = static_cast<std::int32_t>(100'000 + record.usage.output * 5'000 + random() % 300'000);
        record.attempts.push_back({.provider = providers[i], .credential = "main", .model = "m", .startedUs = at, .firstByteUs = ok ? at + 90'000 : -1, .endedUs = at + took,
                                   .httpStatus = std::int16_t(ok ? 200 : 503), .ok = ok, .error = ok ? ErrorCode::Internal : ErrorCode::ServerError});
        at += took;
        if (!ok)
            continue;
        record.attempts.back().usage = record.usage;
        record.attempts.back().cost = record.cost;
        break;
    }
    record.provider = record.attempts.back().provider;
    record.model = "m";
    record.firstByteUs = record.attempts.back().firstByteUs;
    record.latencyUs = at;
    return record;
}

void fill(const std::string &path, std::int64_t rows)
{
    SystemClock clock;
    auto writer = storage::CallLogWriter::open({.path = path}, clock);
    if (!writer)
        qFatal("%s", writer.error().message.c_str());
    CallIdMaker ids(1);
    std::mt19937 random(1);
    const WallTime from = clock.wallNow() - spread;
    for (std::int64_t i = 0; i < rows; ++i) {
        (*writer)->push(made(from, i, rows, ids, random), {});
        if (i % 50'000 == 0)
            (*writer)->flush(std::chrono::seconds(60));
    }
    (*writer)->flush(std::chrono::seconds(60));
}

bool same(const ReplayReport &a, const ReplayReport &b)
{
    return a.calls == b.calls && a.rerouted == b.rerouted && a.fallsElsewhere == b.fallsElsewhere && a.expected.cost.high == b.expected.cost.high && a.expected.failed.low == b.expected.failed.low
        && a.changed.size() == b.changed.size() && (a.changed.empty() || a.changed.back().id == b.changed.back().id);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const std::int64_t rows = argc > 1 ? std::stoll(argv[1]) : 1'000'000;
    const QTemporaryDir folder;
    const std::string path = argc > 2 ? argv[2] : folder.path().toStdString() + "/calls.db";
    if (!QFileInfo::exists(QString::fromStdString(path)))
        fill(path, rows);
    const auto read = config::readConfig(edited, {});
    const auto compiled = pipeline::compile(read->config, std::make_shared<const PriceBook>(), nullptr);
    auto log = storage::CallLogReader::open(path);
    if (!log || !compiled.config)
        qFatal("%s", log ? "the configuration is wrong" : log.error().message.c_str());
    const std::atomic<bool> cancelled {false};
    ReplayQuery query;
    query.routes = {"fast"};
    std::optional<ReplayReport> first;
    for (int round = 0; round < 2; ++round) {
        const auto start = std::chrono::steady_clock::now();
        const auto report = api::runReplay(**log, compiled.config, query, cancelled, {});
        const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (!report)
            qFatal("%s", report.error().message.c_str());
        std::printf("replay of %llu calls: %.2f s, %.2f us a call; %llu rerouted, %llu fall elsewhere, failed %.0f -> %.1f (%.1f to %.1f)\n", static_cast<unsigned long long>(report->calls), took,
                    took * 1e6 / static_cast<double>(std::max<std::uint64_t>(report->calls, 1)), static_cast<unsigned long long>(report->rerouted),
                    static_cast<unsigned long long>(report->fallsElsewhere), report->was.failed, report->expected.failed.value, report->expected.failed.low, report->expected.failed.high);
        if (first && !same(*first, *report)) {
            std::puts("the second is another one");
            return 1;
        }
        first = *report;
    }
    return 0;
}
