// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/outliers.h"

#include "gateway/pipeline/compile.h"

#include <QTest>

using namespace gateway;
using namespace gateway::api;
using namespace std::chrono_literals;

namespace {

/// Routes "one" over a, b and c, and "two" over d alone.
std::shared_ptr<const pipeline::CompiledConfig> compiled()
{
    config::Config config;
    config.gateway.requireKey = false;
    for (const char *name : {"a", "b", "c", "d"}) {
        config::Provider provider;
        provider.id = provider.name = name;
        provider.kind = "openai-compatible";
        provider.baseUrl = "http://127.0.0.1:9/v1";
        provider.credentials = {{.name = "main", .apiKey = {"sk-x"}}};
        config.providers.push_back(provider);
    }
    const auto target = [](const char *provider) { return config::PlanNode {config::TargetNode {.provider = provider, .model = "m"}}; };
    config::Route one, two;
    one.id = one.name = "one";
    one.plan = {config::FallbackNode {{target("a"), target("b"), target("c")}}};
    two.id = two.name = "two";
    two.plan = target("d");
    config.routes = {one, two};
    return pipeline::compile(config, std::make_shared<PriceBook>(), nullptr).config;
}

TargetHealth doing(const char *provider, std::optional<Duration> p95, double errors, double callsPerSecond = 2, const char *credential = "main")
{
    TargetHealth health {.provider = provider, .credential = credential, .model = "m"};
    health.p95 = p95;
    health.errorRate = errors;
    health.callsPerSecond = callsPerSecond;
    return health;
}

std::vector<TargetHealth> compare(std::vector<TargetHealth> all)
{
    compareWithPeers(all, *compiled());
    return all;
}

} // namespace

/// Targets whose figures are off those of their peers.
class tst_Outliers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSlowOneIsNamed()
    {
        const auto all = compare({doing("a", 800ms, 0), doing("b", 3s, 0), doing("c", 900ms, 0)});
        QVERIFY(all[0].peers && all[1].peers && all[2].peers);
        QVERIFY(all[1].peers->slower);
        QVERIFY(!all[0].peers->slower && !all[2].peers->slower);
        QCOMPARE(all[1].peers->count, std::size_t(2));
        QVERIFY(all[1].peers->p95 == 800ms);
    }

    void theFailingOneIsNamed()
    {
        const auto all = compare({doing("a", 800ms, 0.01), doing("b", 800ms, 0.2), doing("c", 800ms, 0.02)});
        QVERIFY(all[1].peers->failsMore);
        QVERIFY(!all[0].peers->failsMore && !all[2].peers->failsMore);
        QCOMPARE(all[1].peers->errorRate, 0.01);
    }

    void whatHitsAllNamesNobody()
    {
        for (const TargetHealth &each : compare({doing("a", 9s, 0.5), doing("b", 8s, 0.6), doing("c", 9s, 0.55)}))
            QVERIFY(each.peers && !each.peers->slower && !each.peers->failsMore);
    }

    void aTrifleIsNoDifference()
    {
        const auto all = compare({doing("a", 20ms, 0), doing("b", 90ms, 0.04)});
        QVERIFY(!all[1].peers->slower && !all[1].peers->failsMore);
    }

    void onlyTargetsInUseArePeers()
    {
        const auto all = compare({doing("a", 3s, 0), doing("b", 100ms, 0, 0.01), doing("d", 100ms, 0)});
        QVERIFY(!all[0].peers); // b is hardly asked, d is in another route
        QVERIFY(!all[1].peers);
        QVERIFY(!all[2].peers);
    }

    void otherKeysOfTheSameModelArePeers()
    {
        const auto all = compare({doing("d", 100ms, 0), doing("d", 2s, 0, 2, "spare")});
        QVERIFY(all[1].peers && all[1].peers->slower);
    }
};

QTEST_APPLESS_MAIN(tst_Outliers)
#include "tst_outliers.moc"
