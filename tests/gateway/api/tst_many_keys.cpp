// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/key_digests.h"
#include "gateway/pipeline/compiled_config.h"
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/test_client.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace gateway;

/// Many virtual keys. Bounds are generous, for busy machines: bench_keys prints what it costs on a still one.
class tst_ManyKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aGatewayWithThemStartsSoon();
    void knowingOneCostsNoMoreThanAmongTen();
};

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int many = 10'000; // they take many times as long
#else
constexpr int many = 100'000;
#endif

std::string secretOf(int number)
{
    return "sb-many-keys-" + std::to_string(number) + "-0123456789";
}

config::VirtualKey keyOf(int number)
{
    config::VirtualKey key;
    key.name = "key-" + std::to_string(number);
    key.team = "team-" + std::to_string(number % 50);
    key.quota.limits = {{.rpm = 1000}};
    return key;
}

/// Nanoseconds that it takes to know a secret that was presented before, the quickest of some rounds.
double lookUpNs(int keys)
{
    const KeyHasher hasher(KeyHasher::Key {});
    pipeline::CompiledConfig compiled;
    for (int i = 0; i < keys; ++i) {
        pipeline::CompiledKey key {.name = "key-" + std::to_string(i), .digest = hasher.hash(secretOf(i))};
        const auto digest = key.digest;
        compiled.keys.try_emplace(digest, std::move(key));
    }
    constexpr int callers = 10; // as many as talk to one worker at a time
    constexpr int calls = 20'000;
    KeyDigests digests(hasher);
    std::vector<std::string> secrets;
    for (int i = 0; i < callers; ++i)
        secrets.push_back(secretOf(i * keys / callers));
    double best = 1e9;
    for (int round = 0; round < 9; ++round) {
        QElapsedTimer clock;
        clock.start();
        int found = 0;
        for (int call = 0; call < calls; ++call)
            found += compiled.findKey(digests.of(secrets[static_cast<std::size_t>(call % callers)])) != nullptr ? 1 : 0;
        best = std::min(best, static_cast<double>(clock.nsecsElapsed()) / calls);
        if (found != calls)
            return -1;
    }
    return best;
}

} // namespace

void tst_ManyKeys::aGatewayWithThemStartsSoon()
{
    OpenGateway gateway;
    const std::string refused = gateway.apply([&](config::Config &config) {
        for (int i = 0; i < 50; ++i)
            config.teams.push_back({.id = {}, .name = "team-" + std::to_string(i)});
        for (int i = 0; i < many; ++i) {
            config.keys.push_back(keyOf(i));
            config.keys.back().secret.value = secretOf(i);
        }
    });
    // The edit itself may take longer than apply() waits for it; what counts is that it holds.
    QTRY_COMPARE_WITH_TIMEOUT(gateway.facade->config()->keys.size(), std::size_t {many}, 120'000);
    QVERIFY2(refused.empty() || refused == "no answer in ten seconds", refused.c_str());

    QElapsedTimer clock;
    clock.start();
    gateway.reopen();
    const qint64 opened = clock.elapsed();
    support::TestClient client(gateway.port());
    client.send("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + secretOf(many - 1) + "\r\n\r\n");
    QCOMPARE(client.answer().status, 200);
    qInfo("with %d keys: open after %lld ms, first answer after %lld ms", many, opened, clock.elapsed());
    QVERIFY(clock.elapsed() < 60'000);
}

void tst_ManyKeys::knowingOneCostsNoMoreThanAmongTen()
{
    const double few = lookUpNs(10);
    const double all = lookUpNs(many);
    qInfo("a key is known after %.0f ns among 10, %.0f ns among %d", few, all, many);
    QVERIFY(few > 0 && all > 0);
    QVERIFY2(all < 4 * few + 500, qPrintable(QString::number(all)));
}

QTEST_GUILESS_MAIN(tst_ManyKeys)
#include "tst_many_keys.moc"
