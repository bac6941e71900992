// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/side_question.h"

#include "gateway/providers/endpoint_url.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace gateway::pipeline {

namespace {

constexpr Duration connectPatience = std::chrono::seconds {2};
constexpr int connections = 64; ///< of all workers

const config::BreakerSettings &circuitSettings()
{
    static const config::BreakerSettings settings {.failures = 3, .failureRate = 1, .minCalls = 1'000'000, .cooldown = std::chrono::seconds {10}};
    return settings;
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

void AnalyzerAsk::succeeded(std::string_view url) const
{
    if (circuits != nullptr)
        circuits->succeeded(url, clock.steadyNow());
}

void AnalyzerAsk::failed(std::string_view url) const
{
    if (circuits != nullptr && !cancel.cancelled() && clock.steadyNow() < deadline)
        circuits->failed(url, clock.steadyNow());
}

Result<SidePlace> sidePlaceOf(std::string_view url, std::string_view usualPath, std::string_view pool, const config::GatewaySettings &gateway)
{
    auto read = providers::parseEndpointUrl(url);
    if (!read)
        return std::unexpected(std::move(read.error()));
    SidePlace place;
    place.path = read->basePath.empty() ? std::string(usualPath) : read->basePath;
    UpstreamAddress &address = place.address;
    address.host = read->host;
    address.authority = read->authority;
    address.port = read->port;
    address.tls = read->tls;
    address.proxy = gateway.proxy;
    address.maxConnections = connections;
    address.allowPrivate = gateway.allowPrivateUpstreams;
    address.pool = fmt::format("{}|{}://{}:{}|{}|{}", pool, read->tls ? "https" : "http", read->host, read->port, address.proxy, address.allowPrivate ? "any" : "public");
    return place;
}

Task<Result<std::string>> askAside(const AnalyzerAsk &ask, const SidePlace &place, SideQuestion question)
{
    UpstreamRequest request;
    request.address = &place.address;
    request.head = PooledText(fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n{}Content-Length: {}\r\n\r\n", place.path,
                                          place.address.authority, question.lines, question.body.size()));
    request.body = {question.body};
    request.limits.connect = connectPatience;
    request.limits.idle = question.patience;
    request.limits.deadline = std::min(ask.deadline, ask.clock.steadyNow() + question.patience);
    request.limits.maxBody = question.largestAnswer;
    Result<std::string> answer = co_await converse(ask.upstream, std::move(request), ask.cancel);
    co_return answer;
}

} // namespace gateway::pipeline
