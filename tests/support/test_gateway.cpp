// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_gateway.h"

#include "gateway/core/price_book.h"
#include "gateway/net/listener.h"
#include "gateway/net/worker_pool.h"
#include "gateway/pipeline/analyzers.h"
#include "gateway/pipeline/answer_caches.h"
#include "gateway/pipeline/compile.h"
#include "gateway/pipeline/services.h"
#include "gateway/stages/stage_table.h"
#include "gateway/state/health_registry.h"
#include "gateway/state/keyed_memory.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace support {

using namespace gateway;

namespace {

constexpr std::string_view theSecret = "sb-test0123456789test0123456789abcd";

KeyHasher::Key installationKey()
{
    KeyHasher::Key key {};
    key.fill(std::byte {0x5b});
    return key;
}

config::Provider provider(const FakeProvider &fake, int number)
{
    config::Provider made;
    made.name = made.id = fmt::format("p{}", number);
    made.kind = "openai-compatible";
    made.baseUrl = fake.baseUrl();
    made.credentials.push_back({.name = "main", .apiKey = {fmt::format("sk-upstream-{}", number)}});
    made.models.push_back({.id = fmt::format("m{}", number), .inputPerMtok = Money::fromNanos(1'000'000'000), .outputPerMtok = Money::fromNanos(2'000'000'000)});
    return made;
}

} // namespace

config::Config chain(std::initializer_list<const FakeProvider *> providers)
{
    config::Config config;
    config.gateway.listen = "127.0.0.1:0";
    config::Route route;
    route.name = route.id = "test";
    route.retry.backoff = {.base = config::Millis(2), .max = config::Millis(1000)};
    config::FallbackNode plan;
    int number = 0;
    for (const FakeProvider *fake : providers) {
        config.providers.push_back(provider(*fake, ++number));
        config::TargetNode target;
        target.provider = fmt::format("p{}", number);
        target.model = fmt::format("m{}", number);
        plan.children.push_back({.node = std::move(target)});
    }
    route.plan.node = std::move(plan);
    config.routes.push_back(std::move(route));
    return config;
}

config::Config chainWith(std::initializer_list<const FakeProvider *> providers, const std::function<void(config::Config &)> &change)
{
    config::Config config = chain(providers);
    change(config);
    return config;
}

std::string hashOf(std::string_view secret)
{
    return KeyHasher(installationKey()).hashHex(secret);
}

void allowOnly(config::Config &config, std::vector<std::string> models)
{
    config.keys.push_back({.id = "key-tester", .name = "tester", .team = {}, .hash = hashOf(theSecret), .models = std::move(models)});
}

config::Route routeTo(std::string name, std::string provider, std::string model)
{
    config::Route route;
    route.name = route.id = std::move(name);
    config::TargetNode target;
    target.provider = std::move(provider);
    target.model = std::move(model);
    route.plan.node = std::move(target);
    return route;
}

class TestGateway::Impl
{
public:
    explicit Impl(int workers)
        : stats(static_cast<std::size_t>(workers))
        , services {.config = hub, .clock = clock, .keyHasher = hasher, .health = health, .planBooks = planBooks, .quotas = quotas, .captures = captures, .refusals = refusals, .stats = stats, .records = records, .tokens = tokens, .clocks = clocks, .conversations = conversations, .responses = responses, .caches = &caches, .analyzers = &analyzers}
        , pool({.workers = workers, .extraCaFile = FakeProvider::authorityFile(), .raceDelay = std::chrono::milliseconds(50)},
               [this](net::Worker &worker) {
                   return stages::makeHandler(services, worker.upstream(), worker.timers(), static_cast<std::size_t>(worker.index()));
               })
        , listener(pool)
    {
    }

    bool publish(config::Config config)
    {
        const auto known = [&](const config::VirtualKey &key) { return key.name == "tester"; };
        if (std::ranges::none_of(config.keys, known))
            config.keys.push_back({.id = "key-tester", .name = "tester", .team = {}, .hash = hasher.hashHex(theSecret)});
        pipeline::Compiled compiled = pipeline::compile(config, std::make_shared<PriceBook>(), &stats);
        if (!compiled.config) {
            for (const config::Problem &found : compiled.problems)
                problem += found.text() + "\n";
            return false;
        }
        caches.configure(config.cache);
        caches.setPatience(std::chrono::seconds {10}); // a miss because the machine has much to do would be no figure of the cache
        settings.listen = config.gateway.listen;
        settings.trustedProxies = config.gateway.trustedProxies;
        settings.maxBody = static_cast<std::size_t>(config.gateway.maxBody);
        hub.publish(std::move(compiled.config));
        return true;
    }

    SystemClock clock;
    KeyHasher hasher {installationKey()};
    pipeline::ConfigHub hub;
    state::HealthRegistry health;
    state::PlanBooks planBooks {clock};
    state::LocalQuotas quotas {clock};
    state::CaptureBudget captures;
    state::RefusalLimiter refusals;
    state::TokenStore tokens;
    state::ClockOffsets clocks;
    state::KeyedMemory conversations, responses;
    pipeline::AnswerCaches caches {{}, clock};
    pipeline::Analyzers analyzers;
    telemetry::StatsHub stats;
    MemoryRecords records;
    pipeline::Services services;
    net::ServerSettings settings;
    net::WorkerPool pool;
    net::Listener listener;
    std::string problem;
    std::string secret {theSecret};
    std::uint16_t port = 0;
    std::size_t calls = 0;
};

TestGateway::TestGateway(config::Config config, int workers)
    : m_impl(std::make_unique<Impl>(workers))
{
    if (!m_impl->publish(std::move(config)))
        return;
    m_impl->pool.start();
    const auto bound = m_impl->listener.apply(m_impl->settings);
    if (bound)
        m_impl->port = bound->port;
    else
        m_impl->problem = bound.error().message;
}

TestGateway::~TestGateway()
{
    m_impl->listener.close();
    m_impl->pool.stop();
}

const std::string &TestGateway::problem() const
{
    return m_impl->problem;
}

std::uint16_t TestGateway::port() const
{
    return m_impl->port;
}

const std::string &TestGateway::secret() const
{
    return m_impl->secret;
}

TestCall TestGateway::chat()
{
    return TestCall(*this, "/v1/chat/completions");
}

TestCall TestGateway::messages()
{
    return TestCall(*this, "/v1/messages");
}

TestCall TestGateway::ask(Caller caller)
{
    return caller == Caller::Anthropic ? messages() : chat();
}

TestCall TestGateway::completions()
{
    return TestCall(*this, "/v1/completions");
}

TestCall TestGateway::embeddings()
{
    return TestCall(*this, "/v1/embeddings");
}

Answer TestGateway::get(std::string_view path, std::string_view headers)
{
    return request(fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n{}\r\n", path, secret(), headers));
}

Answer TestGateway::request(std::string_view raw)
{
    TestClient client(port());
    client.send(raw);
    return client.answer();
}

Answer TestGateway::post(std::string_view path, std::string_view json)
{
    ++m_impl->calls;
    return request("POST " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nx-api-key: " + secret()
                   + "\r\nContent-Length: " + std::to_string(json.size()) + "\r\n\r\n" + std::string(json));
}

bool TestGateway::apply(config::Config config)
{
    return m_impl->publish(std::move(config));
}

void TestGateway::setDraining(bool draining)
{
    m_impl->services.draining = draining;
}

bool TestGateway::drain(std::chrono::milliseconds limit)
{
    m_impl->services.draining = true;
    return m_impl->pool.drain(limit);
}

MemoryRecords &TestGateway::records()
{
    return m_impl->records;
}

CallRecord TestGateway::lastRecord()
{
    if (!m_impl->records.awaitCount(m_impl->calls))
        return {};
    const auto all = m_impl->records.all();
    return all.empty() ? CallRecord {} : all.back();
}

std::string TestGateway::outcomes()
{
    return outcomesOf(lastRecord());
}

std::string TestGateway::outcomesOf(const CallRecord &record)
{
    std::string text;
    for (const AttemptRecord &attempt : record.attempts) {
        const std::string_view word = attempt.ok ? std::string_view("ok") : toText(attempt.error);
        text += fmt::format("{}{}", text.empty() ? "" : ", ", attempt.skipped ? fmt::format("({})", word) : std::string(word));
    }
    return text;
}

bool TestGateway::oneRecordEach()
{
    return m_impl->records.awaitCount(m_impl->calls) && m_impl->records.all().size() == m_impl->calls;
}

std::string TestGateway::health(std::string_view provider, std::string_view credential) const
{
    using Circuit = state::TargetHealth::Circuit;
    for (const state::TargetHealth &target : m_impl->health.snapshot(m_impl->clock.steadyNow())) {
        if (target.provider != provider || target.credential != credential)
            continue;
        std::string words;
        const auto say = [&](bool holds, std::string_view word) {
            if (holds)
                words.append(words.empty() ? "" : ", ").append(word);
        };
        say(target.circuit == Circuit::Open, "open");
        say(target.circuit == Circuit::HalfOpen, "half-open");
        say(target.rateLimited, "rate_limited");
        say(target.keyRejected, "key_rejected");
        say(target.quotaGone, "quota_gone");
        return words;
    }
    return "unknown";
}

const pipeline::Services &TestGateway::services() const
{
    return m_impl->services;
}

std::int64_t TestGateway::capturedBytes() const
{
    return m_impl->captures.used();
}

TestCall::TestCall(TestGateway &gateway, std::string path)
    : m_gateway(gateway)
    , m_path(std::move(path))
    , m_key(gateway.secret())
{
}

TestCall &&TestCall::stream() &&
{
    m_stream = true;
    return std::move(*this);
}

TestCall &&TestCall::usage() &&
{
    m_fields += R"(,"stream_options":{"include_usage":true})";
    return std::move(*this);
}

TestCall &&TestCall::model(std::string name) &&
{
    m_model = std::move(name);
    return std::move(*this);
}

TestCall &&TestCall::key(std::string secret) &&
{
    m_key = std::move(secret);
    return std::move(*this);
}

TestCall &&TestCall::header(std::string name, std::string value) &&
{
    m_headers += fmt::format("{}: {}\r\n", name, value);
    return std::move(*this);
}

TestCall &&TestCall::field(std::string json) &&
{
    m_fields += "," + json;
    return std::move(*this);
}

TestCall &&TestCall::body(std::string json) &&
{
    m_body = std::move(json);
    return std::move(*this);
}

std::string TestCall::request(std::string_view words) const
{
    std::string body = m_body;
    if (body.empty()) {
        const std::string asked = m_path.ends_with("embeddings")    ? fmt::format(R"("input":"{}")", words)
            : m_path.ends_with("/messages")        ? fmt::format(R"("max_tokens":100,"messages":[{{"role":"user","content":"{}"}}])", words)
            : m_path.ends_with("chat/completions") ? fmt::format(R"("messages":[{{"role":"user","content":"{}"}}])", words)
                                                   : fmt::format(R"("prompt":"{}")", words);
        body = fmt::format(R"({{"model":"{}",{}{}{}}})", m_model, asked, m_stream ? R"(,"stream":true)" : "", m_fields);
    }
    return fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{}{}Content-Length: {}\r\n\r\n{}", m_path,
                       m_key.empty() ? std::string() : fmt::format("Authorization: Bearer {}\r\n", m_key), m_headers, body.size(), body);
}

TestClient TestCall::start(std::string_view words, int receiveBuffer) &&
{
    ++m_gateway.m_impl->calls;
    TestClient client(m_gateway.port(), receiveBuffer);
    client.send(request(words));
    return client;
}

Answer TestCall::send(std::string_view words) &&
{
    TestClient client = std::move(*this).start(words);
    return client.answer();
}

} // namespace support
