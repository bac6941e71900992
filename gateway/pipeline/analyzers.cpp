// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/analyzers.h"

#include "gateway/privacy/analyzer_text.h"
#include "gateway/providers/endpoint_url.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace gateway::pipeline {

namespace {

constexpr Duration patience = std::chrono::seconds {5};
constexpr Duration connectPatience = std::chrono::seconds {2};
constexpr std::size_t largestAnswer = 8 * 1024 * 1024;
constexpr std::size_t textsTogether = 64 * 1024; ///< bytes of one question; a longer text has one for itself
constexpr int connections = 64;                  ///< of all workers
constexpr std::string_view between = "\n\n";     ///< texts: no entity goes over it

const config::BreakerSettings &circuitSettings()
{
    static const config::BreakerSettings settings {.failures = 3, .failureRate = 1, .minCalls = 1'000'000, .cooldown = std::chrono::seconds {10}};
    return settings;
}

struct Place
{
    UpstreamAddress address;
    std::string path;
};

Result<Place> placeOf(const privacy::ExternalDetector &detector, const config::GatewaySettings &gateway)
{
    auto url = providers::parseEndpointUrl(detector.url);
    if (!url)
        return std::unexpected(std::move(url.error()));
    Place place;
    place.path = url->basePath;
    if (place.path.empty())
        place.path = "/analyze";
    UpstreamAddress &address = place.address;
    address.host = url->host;
    address.authority = url->authority;
    address.port = url->port;
    address.tls = url->tls;
    address.proxy = gateway.proxy;
    address.maxConnections = connections;
    address.allowPrivate = gateway.allowPrivateUpstreams;
    address.pool = fmt::format("analyzer|{}://{}:{}|{}|{}", url->tls ? "https" : "http", url->host, url->port, address.proxy, address.allowPrivate ? "any" : "public");
    return place;
}

Task<Result<std::string>> converse(Upstream &upstream, UpstreamRequest request, CancelSource &cancel)
{
    auto call = co_await upstream.start(std::move(request), cancel);
    if (!call)
        co_return std::unexpected(std::move(call.error()));
    const Result<bool> head = co_await (*call)->readHead(never);
    if (!head)
        co_return std::unexpected(head.error());
    const int status = (*call)->head().status;
    std::string body;
    for (;;) {
        const Result<UpstreamBytes> bytes = co_await (*call)->read(never);
        if (!bytes)
            co_return std::unexpected(bytes.error());
        if (bytes->kind == UpstreamBytes::Kind::End)
            break;
        body.append(bytes->data);
    }
    if (status != 200)
        co_return fail(ErrorCode::ServerError, fmt::format("it answered {}.", status));
    co_return body;
}

/// Texts that go into one question.
struct Batch
{
    std::string text;
    std::vector<std::pair<std::size_t, std::size_t>> begins; ///< which text begins where
};

std::vector<Batch> batchesOf(const std::vector<std::string> &texts)
{
    std::vector<Batch> batches;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].empty())
            continue;
        if (batches.empty() || batches.back().text.size() + texts[i].size() > textsTogether)
            batches.emplace_back();
        Batch &batch = batches.back();
        if (!batch.text.empty())
            batch.text += between;
        batch.begins.emplace_back(i, batch.text.size());
        batch.text += texts[i];
    }
    return batches;
}

/// Hits in a batch as hits in its texts; what goes over an end is cut there.
void share(const Batch &batch, const std::vector<privacy::Hit> &hits, const std::vector<std::string> &texts, std::vector<std::vector<privacy::Hit>> &into)
{
    for (const privacy::Hit &hit : hits) {
        for (const auto &[text, begin] : batch.begins) {
            const std::size_t from = std::max(hit.from, begin), to = std::min(hit.to, begin + texts[text].size());
            if (from < to)
                into[text].push_back({from - begin, to - begin, hit.rule, hit.score});
        }
    }
}

Task<Result<std::vector<privacy::Hit>>> askOne(const AnalyzerAsk &ask, const privacy::ExternalDetector &detector, const Place &place, const Batch &batch)
{
    const std::string body = privacy::analyzerRequest(detector, batch.text);
    UpstreamRequest request;
    request.address = &place.address;
    request.head = PooledText(fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nContent-Length: {}\r\n\r\n", place.path,
                                          place.address.authority, body.size()));
    request.body = {body};
    request.limits.connect = connectPatience;
    request.limits.idle = patience;
    request.limits.deadline = std::min(ask.deadline, ask.clock.steadyNow() + patience);
    request.limits.maxBody = largestAnswer;
    const Result<std::string> answer = co_await converse(ask.upstream, std::move(request), ask.cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    co_return privacy::readAnalyzerAnswer(detector, batch.text, *answer);
}

/// All batches. Notes how it went.
Task<Result<>> askAll(const AnalyzerAsk &ask, const privacy::ExternalDetector &detector, const std::vector<Batch> &batches, const std::vector<std::string> &texts,
                      std::vector<std::vector<privacy::Hit>> &into)
{
    if (ask.circuits != nullptr && !ask.circuits->mayAsk(detector.url, ask.clock.steadyNow()))
        co_return fail(ErrorCode::PolicyUnavailable, "it has failed several times in a row, and rests for a moment.");
    const Result<Place> place = placeOf(detector, ask.gateway);
    if (!place)
        co_return std::unexpected(place.error());
    for (const Batch &batch : batches) {
        const Result<std::vector<privacy::Hit>> hits = co_await askOne(ask, detector, *place, batch);
        if (!hits) {
            const bool hurried = ask.cancel.cancelled() || ask.clock.steadyNow() >= ask.deadline; // which says nothing of the detector
            if (ask.circuits != nullptr && !hurried)
                ask.circuits->failed(detector.url, ask.clock.steadyNow());
            co_return std::unexpected(hits.error());
        }
        share(batch, *hits, texts, into);
    }
    if (ask.circuits != nullptr)
        ask.circuits->succeeded(detector.url, ask.clock.steadyNow());
    co_return Result<>();
}

} // namespace

state::Circuit &Analyzers::of(std::string_view url)
{
    const auto found = m_circuits.find(url);
    if (found != m_circuits.end())
        return found->second;
    if (m_circuits.size() >= most)
        m_circuits.clear();
    return m_circuits.emplace(url, state::Circuit()).first->second;
}

bool Analyzers::mayAsk(std::string_view url, SteadyTime now)
{
    const std::lock_guard lock(m_mutex);
    state::Circuit &circuit = of(url);
    return circuit.state(now) == state::Circuit::State::Closed || circuit.claimProbe(now);
}

void Analyzers::succeeded(std::string_view url, SteadyTime now)
{
    const std::lock_guard lock(m_mutex);
    of(url).succeeded(circuitSettings(), now);
}

void Analyzers::failed(std::string_view url, SteadyTime now)
{
    const std::lock_guard lock(m_mutex);
    of(url).failed(circuitSettings(), now);
}

Task<Result<std::vector<std::vector<privacy::Hit>>>> askAnalyzers(AnalyzerAsk ask, const privacy::Policy &policy, const std::vector<std::string> &texts)
{
    std::vector<std::vector<privacy::Hit>> hits(texts.size());
    const std::vector<Batch> batches = policy.external().empty() ? std::vector<Batch>() : batchesOf(texts);
    if (batches.empty())
        co_return hits;
    for (const privacy::ExternalDetector &detector : policy.external()) {
        const Result<> asked = co_await askAll(ask, detector, batches, texts, hits);
        if (asked)
            continue;
        if (ask.cancel.cancelled())
            co_return fail(ErrorCode::Cancelled, "The caller left.");
        if (detector.onFailure == config::OnFailure::Block)
            co_return fail(ErrorCode::PolicyUnavailable,
                           fmt::format("The privacy policy \"{}\" asks the external detector \"{}\", which does not answer, and lets no call through without it: {}", policy.name(), detector.name, asked.error().message));
    }
    co_return hits;
}

} // namespace gateway::pipeline
