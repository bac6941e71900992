// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/health_prober.h"

#include "gateway/api/control_thread.h"
#include "gateway/net/worker_pool.h"
#include "gateway/pipeline/compile.h"
#include "gateway/state/health_registry.h"
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/fake_clock.h"

using namespace gateway;
using namespace std::chrono_literals;
using support::FakeProvider;
using support::Script;

namespace {

/// A prober with a clock that the test moves, a worker to talk by, and the health that it tells.
class Probing
{
public:
    Probing(const FakeProvider &fake, config::HealthProbe probe)
        : m_pool({.workers = 1}, [](net::Worker &) { return std::unique_ptr<pipeline::HttpHandler>(); }), m_caller(m_control, [this] { return &m_pool.worker(0); }), m_prober(m_caller, clock)
    {
        config::Config config;
        config.gateway.requireKey = false;
        config.providers = {provider("p", fake)};
        config.providers[0].id = "p";
        config.providers[0].healthProbe = probe;
        config.providers[0].probeEvery = 30s;
        config.routes = {chain("r", {"p"})};
        config.routes[0].id = "r";
        auto compiled = pipeline::compile(config, std::make_shared<PriceBook>(), nullptr);
        m_compiled = compiled.config;
        m_pool.start();
        m_control.run([&] {
            m_context = std::make_unique<QObject>();
            m_prober.configure(config, m_compiled);
        });
    }
    ~Probing()
    {
        m_control.run([this] {
            m_caller.endAll();
            m_context.reset();
        });
        m_pool.stop();
    }

    /// Asks; whether a finding of this moment came.
    bool ask()
    {
        m_control.run([this] { m_prober.ask(health, m_context.get()); });
        return QTest::qWaitFor([this] { return !m_prober.findings().empty() && m_prober.findings()[0].at == clock.wallNow(); }, 5000);
    }
    /// The same, when it is time again.
    bool askAgain()
    {
        clock.advance(30s);
        return ask();
    }
    void askForNothing()
    {
        m_control.run([this] { m_prober.ask(health, m_context.get()); });
    }
    [[nodiscard]] api::ProviderHealth finding() const { return m_prober.findings().at(0); }

    [[nodiscard]] routing::Subject subject() const
    {
        const routing::Target &target = *m_compiled->targets.at(0).routing;
        return {.target = &target, .credential = &target.credentials.at(0), .model = target.modelId};
    }
    void open()
    {
        for (int i = 0; i < 5; ++i)
            health.report(subject(), "fake-model", {.error = ErrorCode::ServerError, .latency = 1ms}, clock.steadyNow());
    }
    [[nodiscard]] std::optional<routing::Rest> rest() const { return health.resting(subject(), clock.steadyNow()); }

    tests::FakeClock clock;
    state::HealthRegistry health;

private:
    net::WorkerPool m_pool;
    api::ControlThread m_control;
    api::ProviderCaller m_caller;
    api::HealthProber m_prober;
    std::shared_ptr<const pipeline::CompiledConfig> m_compiled;
    std::unique_ptr<QObject> m_context; ///< lives on the control thread
};

} // namespace

/// `health_probe` (config.md): providers are asked while nobody calls them, and health hears of it.
class tst_HealthProber : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aListOfModelsLetsACallTry();
    void aTinyCallClosesTheCircuit();
    void oneThatIsStillDownStaysOpen();
    void threeFailuresInARowOpen_data();
    void threeFailuresInARowOpen();
    void aProviderIsAskedInItsOwnTime();
    void anAnswerOfAnyKindIsNoFailure();
    void saysWhatItFoundWithoutSecrets();
};

void tst_HealthProber::aListOfModelsLetsACallTry()
{
    FakeProvider fake(Script::models({"fake-model"}));
    Probing probing(fake, config::HealthProbe::Models);
    probing.open();
    QVERIFY(probing.rest()->until > probing.clock.steadyNow());
    QVERIFY(probing.ask());
    QCOMPARE(fake.lastRequest().method, std::string("GET"));
    QVERIFY(probing.rest()->until <= probing.clock.steadyNow()); // the model itself was not asked
    QVERIFY(probing.finding().answers);
}

void tst_HealthProber::aTinyCallClosesTheCircuit()
{
    FakeProvider fake(Script::answer("p"));
    Probing probing(fake, config::HealthProbe::TinyCall);
    probing.open();
    QVERIFY(probing.ask());
    QCOMPARE(fake.lastRequest().field("model"), std::optional<std::string>("fake-model"));
    QCOMPARE(fake.lastRequest().field("max_tokens"), std::optional<std::string>("1"));
    QVERIFY(!probing.rest());
    QCOMPARE(probing.finding().model, std::string("fake-model"));
}

void tst_HealthProber::oneThatIsStillDownStaysOpen()
{
    FakeProvider fake(Script::error(503));
    Probing probing(fake, config::HealthProbe::Models);
    probing.open();
    const SteadyTime until = probing.rest()->until;
    QVERIFY(probing.ask());
    QVERIFY(probing.rest()->until == until);
    QVERIFY(!probing.finding().answers);
}

void tst_HealthProber::threeFailuresInARowOpen_data()
{
    QTest::addColumn<int>("probe");
    QTest::newRow("models") << int(config::HealthProbe::Models);
    QTest::newRow("tiny call") << int(config::HealthProbe::TinyCall);
}

void tst_HealthProber::threeFailuresInARowOpen()
{
    QFETCH(int, probe);
    const Script works = probe == int(config::HealthProbe::Models) ? Script::models({"fake-model"}) : Script::answer("p");
    FakeProvider fake({Script::error(500), Script::error(503), works, Script::error(500), Script::error(500), Script::error(500), works});
    Probing probing(fake, static_cast<config::HealthProbe>(probe));
    QVERIFY(probing.ask());
    QVERIFY(probing.askAgain());
    QCOMPARE(probing.finding().failuresInRow, 2);
    QVERIFY(probing.askAgain());
    QCOMPARE(probing.finding().failuresInRow, 0);
    QVERIFY(probing.askAgain());
    QVERIFY(probing.askAgain());
    QVERIFY(!probing.rest());
    QVERIFY(probing.askAgain());
    QVERIFY(probing.rest() && probing.rest()->why == routing::Rest::Why::CircuitOpen);
    QVERIFY(probing.rest()->until > probing.clock.steadyNow());
    QVERIFY(probing.askAgain()); // it is back
    QVERIFY(!probing.rest() || probing.rest()->until <= probing.clock.steadyNow());
}

void tst_HealthProber::aProviderIsAskedInItsOwnTime()
{
    FakeProvider fake(Script::models({"fake-model"}));
    Probing probing(fake, config::HealthProbe::Models);
    QVERIFY(probing.ask());
    probing.clock.advance(29s);
    probing.askForNothing();
    probing.clock.advance(1s);
    QVERIFY(probing.ask());
    QCOMPARE(fake.requestCount(), std::size_t(2));

    FakeProvider other(Script::models({"fake-model"}));
    Probing off(other, config::HealthProbe::Off);
    off.askForNothing();
    off.clock.advance(60s);
    off.askForNothing();
    QCOMPARE(other.requestCount(), std::size_t(0));
}

void tst_HealthProber::anAnswerOfAnyKindIsNoFailure()
{
    FakeProvider fake(Script::error(429));
    Probing probing(fake, config::HealthProbe::TinyCall);
    for (int i = 0; i < 4; ++i)
        QVERIFY(probing.askAgain());
    QVERIFY(!probing.rest());
    QVERIFY(probing.finding().answers);
}

void tst_HealthProber::saysWhatItFoundWithoutSecrets()
{
    FakeProvider fake(Script::error(500, {}, "Broken for sk-fake-secret-0001."));
    Probing probing(fake, config::HealthProbe::Models);
    QVERIFY(probing.ask());
    const api::ProviderHealth found = probing.finding();
    QCOMPARE(found.provider, std::string("p"));
    QVERIFY2(found.words.find("500") != std::string::npos || found.words.find("Broken") != std::string::npos, found.words.c_str());
    QVERIFY2(found.words.find("sk-fake-secret") == std::string::npos, found.words.c_str());
}

QTEST_GUILESS_MAIN(tst_HealthProber)
#include "tst_health_prober.moc"
