// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/prompt_runner.h"

#include "gateway/api/own_call.h"
#include "gateway/core/text.h"

#include <QNetworkProxy>
#include <QNetworkReply>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>

namespace gateway::api {

namespace {

using nlohmann::json;

constexpr int limitMs = 120'000;
constexpr std::size_t longestAnswer = 1024 * 1024;

SteadyTime now()
{
    return std::chrono::steady_clock::now();
}

std::int64_t microsSince(SteadyTime begin)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(now() - begin).count();
}

std::int64_t countIn(const json &usage, const char *name)
{
    return usage.contains(name) && usage[name].is_number_integer() ? usage[name].get<std::int64_t>() : 0;
}

std::optional<Money> costIn(const json &usage)
{
    const auto cost = usage.find("cost");
    return cost != usage.end() && cost->is_number() ? std::optional(Money::fromNanos(std::llround(cost->get<double>() * 1e9))) : std::nullopt;
}

} // namespace

PromptCall::PromptCall(QNetworkAccessManager &network, const OwnListener &listener, std::string route, const std::string &body, QObject *parent) : QObject(parent), m_began(now())
{
    m_answer.route = std::move(route);
    QNetworkRequest request = ownCall(listener.origin, "/v1/chat/completions", listener.testToken);
    request.setTransferTimeout(limitMs);
    m_reply = network.post(request, QByteArray::fromStdString(body));
    m_reply->setParent(this);
}

void PromptCall::start(std::function<bool(const std::string &)> onText, std::function<void(PromptAnswer)> done)
{
    m_onText = std::move(onText);
    m_done = std::move(done);
    connect(m_reply, &QNetworkReply::readyRead, this, &PromptCall::readMore);
    connect(m_reply, &QNetworkReply::finished, this, &PromptCall::finish);
}

void PromptCall::readMore()
{
    const std::string bytes = m_reply->readAll().toStdString();
    if (m_answer.text.size() + m_whole.size() + m_events.buffered() + bytes.size() > longestAnswer) {
        m_answer.error = Error {.code = ErrorCode::AnswerTooLarge, .message = "The answer is larger than 1 MB and was not read on."};
        m_reply->abort();
        return;
    }
    if (m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 200) {
        m_whole += bytes;
        return;
    }
    m_events.feed(bytes);
    wire::SseEvent event;
    while (m_events.next(event) == wire::SseParser::Event) {
        if (event.hasData)
            take(event.data);
    }
}

void PromptCall::take(std::string_view event)
{
    m_ended = m_ended || event == "[DONE]";
    const json data = json::parse(event, nullptr, false);
    if (!data.is_object())
        return;
    if (const json::json_pointer message("/error/message"); data.contains(message) && data[message].is_string())
        m_answer.error = Error {.code = ErrorCode::Cut, .message = data[message].get<std::string>()};
    if (data.contains("usage") && data["usage"].is_object()) {
        const json &usage = data["usage"];
        m_answer.inputTokens = countIn(usage, "prompt_tokens");
        m_answer.outputTokens = countIn(usage, "completion_tokens");
        m_answer.cost = costIn(usage);
    }
    const json::json_pointer content("/choices/0/delta/content");
    if (!data.contains(content) || !data[content].is_string())
        return;
    const std::string text = data[content].get<std::string>();
    if (text.empty())
        return;
    if (m_answer.firstTextUs < 0)
        m_answer.firstTextUs = microsSince(m_began);
    m_answer.text += text;
    if (!m_onText(text))
        m_reply->abort();
}

void PromptCall::finish()
{
    if (m_reply->bytesAvailable() > 0)
        readMore();
    m_answer.latencyUs = microsSince(m_began);
    m_answer.callId = m_reply->rawHeader("x-signalbox-call-id").toStdString();
    const json whole = json::parse(m_whole, nullptr, false);
    if (const json::json_pointer message("/error/message"); whole.is_object() && whole.contains(message) && whole[message].is_string())
        m_answer.error = Error {.code = ErrorCode::Invalid, .message = whole[message].get<std::string>()};
    else if (!m_answer.error && !m_ended)
        m_answer.error = Error {.code = ErrorCode::Io, .message = "The answer did not come to its end: " + m_reply->errorString().toStdString()};
    m_done(std::move(m_answer));
    deleteLater();
}

PromptRunner::PromptRunner(OwnListener listener, std::vector<Order> orders, Duration limit, Cancelled cancelled, Sinks sinks, QObject *parent)
    : QObject(parent), m_listener(std::move(listener)), m_orders(std::move(orders)), m_until(now() + limit), m_cancelled(std::move(cancelled)), m_sinks(std::move(sinks)), m_network(this)
{
    m_network.setProxy(QNetworkProxy::NoProxy);
}

void PromptRunner::start()
{
    startMore();
}

void PromptRunner::startMore()
{
    while (m_running < atOnce && m_begun < m_orders.size() && now() < m_until && !*m_cancelled) {
        const std::size_t index = m_begun++;
        ++m_running;
        auto *call = new PromptCall(m_network, m_listener, m_orders[index].route, m_orders[index].body, this);
        call->start([this, index](const std::string &text) {
                        m_sinks.text(index, text);
                        return !m_cancelled->load();
                    },
                    [this, index](PromptAnswer answer) {
                        --m_running;
                        m_sinks.answer(index, std::move(answer));
                        startMore();
                    });
    }
    if (m_running > 0)
        return;
    m_sinks.done();
    deleteLater();
}

} // namespace gateway::api
