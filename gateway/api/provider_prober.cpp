// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/provider_prober.h"

#include "gateway/api/model_lists.h"
#include "gateway/core/text.h"
#include "gateway/pipeline/token_source.h"
#include "gateway/wire/upstream_error.h"

#include <QDateTime>

#include <array>
#include <fmt/format.h>

namespace gateway::api {

namespace {

constexpr std::chrono::seconds connectLimit {5};
constexpr std::chrono::seconds answerLimit {30};
constexpr std::size_t largestList = 8 * 1024 * 1024;
constexpr std::size_t largestAnswer = 1024 * 1024;
constexpr std::size_t shownBytes = 200;

using Kind = ProbeStep::Kind;
using State = ProbeStep::State;

constexpr std::array allKinds {Kind::Dns, Kind::Connect, Kind::Tls, Kind::Key, Kind::Model};

WallTime wallNow()
{
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string tlsText(const DialStep &step)
{
    const std::string version = step.protocol == "TLSv1.3" ? "TLS 1.3" : step.protocol == "TLSv1.2" ? "TLS 1.2" : step.protocol;
    if (!step.until)
        return version;
    const QDate until = QDateTime::fromSecsSinceEpoch(std::chrono::duration_cast<std::chrono::seconds>(step.until->time_since_epoch()).count(), Qt::UTC).date();
    return fmt::format("{}, certificate valid until {}", version, until.toString(QStringLiteral("d MMM yyyy")).toStdString());
}

} // namespace

ProviderProber::ProviderProber(ProviderCaller &caller, ProbePlan plan, QObject *parent) : QObject(parent), m_caller(caller), m_plan(std::move(plan)) {}

void ProviderProber::start()
{
    m_started = m_stepStarted = std::chrono::steady_clock::now();
    m_report.at = wallNow();
    std::string head = m_plan.modelsHead();
    if (head.empty()) {
        askModel();
        return;
    }
    m_caller.ask({.address = m_plan.address, .head = std::move(head), .body = {}, .credential = m_plan.credential, .connect = connectLimit, .total = answerLimit, .largest = largestList, .fresh = true},
                 this, [this](const Answer &answer) { onModels(answer); }, [this](const DialStep &step) { onDialStep(step); });
}

std::string ProviderProber::addressesText(const DialStep &step) const
{
    const std::string proxy = m_plan.address.proxy.empty() ? std::string() : fmt::format(" (the proxy, which looks up {})", m_plan.address.host);
    if (step.addresses.empty())
        return step.host + proxy;
    const std::string &first = step.addresses.front();
    if (step.addresses.size() == 1)
        return (step.host == first ? fmt::format("{} is an address", first) : fmt::format("{} is {}", step.host, first)) + proxy;
    return fmt::format("{} is {} and {} more{}", step.host, first, step.addresses.size() - 1, proxy);
}

void ProviderProber::onDialStep(const DialStep &step)
{
    if (m_report.steps.size() > static_cast<std::size_t>(Kind::Tls))
        return; // of the second call
    switch (step.kind) {
    case DialStep::Kind::Resolved:
        endStep(Kind::Dns, State::Ok, addressesText(step));
        break;
    case DialStep::Kind::Connected:
        endStep(Kind::Connect, State::Ok, fmt::format("{} port {} accepts connections", step.addresses.front(), step.port));
        if (!m_plan.address.tls)
            endStep(Kind::Tls, State::NotTried, "Not used: the base URL begins with http://");
        break;
    case DialStep::Kind::Secured:
        endStep(Kind::Tls, State::Ok, tlsText(step));
        break;
    }
}

/// The step under way is the one that failed.
void ProviderProber::failOnTheWay(const Error &error)
{
    if (error.where == pipeline::tokenPlace)
        return failWithoutToken(error);
    const std::string &host = m_plan.address.host;
    if (m_report.steps.empty() && error.code == ErrorCode::Connect) // refused before anything was looked up
        endStep(Kind::Dns, State::NotTried, fmt::format("{} was not looked up", host));
    switch (m_report.steps.size()) {
    case static_cast<std::size_t>(Kind::Dns):
        failFrom(Kind::Dns, fmt::format("No address for {}", host), error.message + " Check the base URL for a typing mistake, and this machine's connection.");
        break;
    case static_cast<std::size_t>(Kind::Connect):
        failFrom(Kind::Connect, fmt::format("No connection to {} port {}", host, m_plan.address.port), error.message);
        break;
    case static_cast<std::size_t>(Kind::Tls):
        if (error.code == ErrorCode::Tls)
            failFrom(Kind::Tls, "The certificate was not accepted", error.message + " Nothing was sent.");
        else
            failFrom(Kind::Tls, m_plan.address.proxy.empty() ? "No TLS connection" : "No way through the proxy", error.message);
        break;
    case static_cast<std::size_t>(Kind::Key):
        failFrom(Kind::Key, "No answer", error.message);
        break;
    default:
        failFrom(Kind::Model, fmt::format("{} did not answer", m_plan.model), error.message);
    }
}

/// The token comes first: without one the provider itself was not asked.
void ProviderProber::failWithoutToken(const Error &error)
{
    for (std::size_t i = m_report.steps.size(); i < static_cast<std::size_t>(Kind::Key); ++i)
        endStep(allKinds[i], State::NotTried, "Not tried: there is no access token to call with");
    failFrom(Kind::Key, "No access token", error.message);
}

bool ProviderProber::keyRejected(const ProviderCaller::Reply &reply) const
{
    return reply.status >= 400 && wire::classifyUpstreamError(reply.status, {}, reply.body, wallNow()).code == ErrorCode::UpstreamAuth;
}

std::string ProviderProber::wordsOf(const ProviderCaller::Reply &reply) const
{
    const wire::UpstreamError error = wire::classifyUpstreamError(reply.status, {}, reply.body, wallNow(), m_plan.secrets);
    std::string words = fmt::format("HTTP {}", reply.status);
    if (!error.providerCode.empty())
        words += " " + error.providerCode;
    if (!error.message.empty())
        words += (error.providerCode.empty() ? " " : ": ") + std::string(truncatedUtf8(trimmed(error.message), shownBytes));
    return words;
}

void ProviderProber::onModels(const Answer &answer)
{
    if (!answer) {
        failOnTheWay(answer.error());
        return;
    }
    if (m_plan.needsKey && !m_plan.hasKey) {
        failFrom(Kind::Key, "No key", fmt::format("{} needs a key, and none is set here.", m_plan.title));
        return;
    }
    if (keyRejected(*answer)) {
        failFrom(Kind::Key, "Key rejected", fmt::format("{}. {} does not know this key, or it was revoked there.", wordsOf(*answer), m_plan.title));
        return;
    }
    if (answer->status != 200) {
        endStep(Kind::Key, State::NotTried, fmt::format("The model list answered HTTP {}; the call below shows whether the key is right", answer->status));
    } else {
        const auto models = readModelList(answer->body);
        if (m_plan.model.empty() && models && !models->empty())
            m_plan.model = models->front();
        endStep(Kind::Key, State::Ok, fmt::format("{}, {} models listed", m_plan.hasKey ? "Key accepted" : "No key needed", models ? models->size() : 0));
    }
    askModel();
}

void ProviderProber::askModel()
{
    if (m_plan.model.empty()) {
        while (m_report.steps.size() < static_cast<std::size_t>(Kind::Model))
            endStep(allKinds[m_report.steps.size()], State::NotTried, "Not tried: there is no model to ask");
        failFrom(Kind::Model, "No model to ask", fmt::format("{} lists none. Name one, or load one there first.", m_plan.title));
        return;
    }
    auto call = m_plan.chat();
    if (!call) {
        failFrom(Kind::Model, fmt::format("{} was not asked", m_plan.model), call.error().message);
        return;
    }
    m_caller.ask({.address = m_plan.address, .head = std::move(call->head), .body = std::move(call->body), .credential = m_plan.credential, .connect = connectLimit, .total = answerLimit, .largest = largestAnswer, .fresh = true},
                 this, [this](const Answer &answer) { onModelAnswer(answer); }, [this](const DialStep &step) { onDialStep(step); });
}

void ProviderProber::onModelAnswer(const Answer &answer)
{
    if (!answer) {
        failOnTheWay(answer.error());
        return;
    }
    if (m_report.steps.size() == static_cast<std::size_t>(Kind::Key)) {
        if (m_plan.needsKey && !m_plan.hasKey) {
            failFrom(Kind::Key, "No key", fmt::format("{} needs a key, and none is set here.", m_plan.title));
            return;
        }
        if (m_plan.tokenServer().empty())
            endStep(Kind::Key, State::NotTried, fmt::format("{} has no model list to ask; the call below shows whether the key is right", m_plan.title));
        else
            endStep(Kind::Key, State::Ok, fmt::format("{} gave an access token", m_plan.tokenServer()));
    }
    if (answer->status == 200 && m_plan.isAnswer(answer->body)) {
        endStep(Kind::Model, State::Ok, fmt::format("{} answered a real call", m_plan.model));
        m_report.ok = true;
        finish();
        return;
    }
    const std::string headline = keyRejected(*answer) ? "Key rejected"
        : answer->status == 404                       ? fmt::format("{} is not known there", m_plan.model)
                                                      : fmt::format("{} did not answer", m_plan.model);
    failFrom(Kind::Model, headline, wordsOf(*answer));
}

void ProviderProber::endStep(Kind kind, State state, std::string headline, std::string detail)
{
    const auto now = std::chrono::steady_clock::now();
    ProbeStep step {.kind = kind, .state = state, .headline = std::move(headline), .detail = std::move(detail), .took = now - m_stepStarted};
    m_stepStarted = now;
    m_report.steps.push_back(step);
    Q_EMIT stepEnded(step);
}

void ProviderProber::failFrom(Kind kind, std::string headline, std::string detail)
{
    const std::string because = headline;
    endStep(kind, State::Failed, std::move(headline), std::move(detail));
    for (std::size_t i = m_report.steps.size(); i < allKinds.size(); ++i)
        endStep(allKinds[i], State::NotTried, fmt::format("Not tried: {}", because));
    finish();
}

void ProviderProber::finish()
{
    m_report.took = std::chrono::steady_clock::now() - m_started;
    Q_EMIT finished(m_report);
}

} // namespace gateway::api
