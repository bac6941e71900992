// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/alert_sender.h"

#include "gateway/api/passing_errors.h"
#include "gateway/api/smtp_client.h"
#include "gateway/privacy/webhook_text.h"
#include "gateway/providers/web_url.h"

#include <QTimer>

#include <fmt/format.h>

#include <algorithm>

namespace gateway::api {

namespace {

constexpr std::size_t largestAnswer = 64 * 1024;
constexpr int connections = 4;

std::string targetOf(const config::Notify &notify)
{
    return notify.isWebhook() ? config::shownWebhook(notify.to) : notify.to;
}

} // namespace

AlertSender::AlertSender(Needs needs) : m_needs(std::move(needs)) {}

AlertSender::~AlertSender()
{
    m_context.reset(); // nothing comes back any more
    m_running.insert(m_running.end(), m_ready.begin(), m_ready.end());
    for (const std::shared_ptr<Letter> &letter : m_running) {
        if (!letter->batch) // who waits for a test's outcome is gone too
            note(*letter, {.detail = "Signalbox ended before it was told"}, !mayTryAgain(*letter));
    }
}

void AlertSender::configure(const config::Config &config)
{
    m_gateway = config.gateway;
    m_smtp = config.smtp;
}

void AlertSender::tell(const config::Alert &alert, AlertWord word, const AlertFiring &firing, std::function<void(std::vector<AlertDelivery>)> done)
{
    const auto shared = std::make_shared<const config::Alert>(alert);
    std::shared_ptr<Batch> batch;
    if (done) {
        if (alert.notify.empty())
            return done({});
        batch = std::make_shared<Batch>(Batch {.left = alert.notify.size(), .done = std::move(done)});
    }
    for (std::size_t i = 0; i < alert.notify.size(); ++i)
        queue({.alert = shared, .notify = i, .word = word, .firing = firing, .batch = batch});
}

void AlertSender::resume(const config::Alert *alert, const AlertFiring &firing, const AlertDelivery &tried)
{
    const auto isIt = [&tried](const config::Notify &notify) { return toText(notify.kind) == tried.channel && targetOf(notify) == tried.target; };
    const auto notify = alert == nullptr ? std::vector<config::Notify>::const_iterator() : std::ranges::find_if(alert->notify, isIt);
    if (alert == nullptr || notify == alert->notify.end())
        return giveUp(tried, "the alert does not tell it any more");
    queue({.alert = std::make_shared<const config::Alert>(*alert), .notify = static_cast<std::size_t>(notify - alert->notify.begin()), .word = tried.word, .firing = firing, .attempt = tried.attempt + 1});
}

void AlertSender::giveUp(AlertDelivery tried, std::string_view why)
{
    tried.at = m_needs.clock.wallNow();
    tried.last = true;
    tried.detail = fmt::format("not tried again: {}", why);
    m_needs.log(std::move(tried));
}

void AlertSender::queue(Letter letter)
{
    if (m_ready.size() + m_running.size() + m_resting >= mostWaiting)
        return note(letter, {.detail = fmt::format("{} others waited to be told already", mostWaiting)}, true);
    m_ready.push_back(std::make_shared<Letter>(std::move(letter)));
    next();
}

void AlertSender::next()
{
    while (m_running.size() < mostAtOnce && !m_ready.empty()) {
        const std::shared_ptr<Letter> letter = m_ready.front();
        m_ready.pop_front();
        m_running.push_back(letter);
        send(letter);
    }
}

void AlertSender::send(const std::shared_ptr<Letter> &letter)
{
    switch (letter->alert->notify[letter->notify].kind) {
    case config::NotifyKind::Desktop: return show(letter);
    case config::NotifyKind::Email: return mail(letter);
    default: return post(letter);
    }
}

void AlertSender::show(const std::shared_ptr<Letter> &letter)
{
    const alerts::AlertTold told {.word = letter->word, .alert = *letter->alert, .firing = letter->firing, .at = m_needs.clock.wallNow()};
    AlertNotice notice {.alert = letter->alert->id, .name = letter->alert->name, .subject = letter->firing.subject, .severity = std::string(toText(letter->alert->severity)), .word = letter->word,
                        .title = titleOf(told), .text = wordsOf(told)};
    m_needs.desktop(std::move(notice), [this, letter](bool shown) { done(letter, {.delivered = shown, .detail = shown ? "shown" : "no window of Signalbox is open"}); });
}

void AlertSender::post(const std::shared_ptr<Letter> &letter)
{
    const config::Notify &notify = letter->alert->notify[letter->notify];
    if (config::isMaskedWebhook(notify.to))
        return done(letter, {.detail = "the address is left out, as exports do: write it again"});
    const auto url = providers::parseWebUrl(notify.to);
    if (!url)
        return done(letter, {.detail = "the address " + url.error().message});
    const WallTime now = m_needs.clock.wallNow();
    const config::NotifyKind form = alerts::formOf(notify);
    std::string body = alerts::webhookBody(form, {.word = letter->word, .alert = *letter->alert, .firing = letter->firing, .at = now});
    std::string lines;
    if (form == config::NotifyKind::Webhook && !letter->alert->secret.empty())
        lines = fmt::format("x-signalbox-signature: {}\r\n", privacy::webhookSignature(letter->alert->secret.value, now, body));
    ProviderCaller::Question question {.address = {.pool = fmt::format("alert|{}://{}:{}|{}|{}", url->tls ? "https" : "http", url->host, url->port, m_gateway.proxy, m_gateway.allowPrivateUpstreams ? "any" : "public"),
                                                   .host = url->host,
                                                   .authority = url->authority,
                                                   .port = url->port,
                                                   .tls = url->tls,
                                                   .proxy = m_gateway.proxy,
                                                   .maxConnections = connections,
                                                   .allowPrivate = m_gateway.allowPrivateUpstreams},
                                       .head = fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Signalbox/" SIGNALBOX_VERSION "\r\nContent-Type: application/json\r\nAccept-Encoding: identity\r\n{}Content-Length: {}\r\n\r\n",
                                                           url->target, url->authority, lines, body.size()),
                                       .body = std::move(body),
                                       .total = m_needs.patience,
                                       .largest = largestAnswer};
    m_needs.caller.ask(std::move(question), m_context.get(), [this, letter](const Result<ProviderCaller::Reply> &reply) { done(letter, outcomeOf(reply)); });
}

/// The answer's words are not shown: some services repeat what they were sent.
AlertSender::Outcome AlertSender::outcomeOf(const Result<ProviderCaller::Reply> &reply)
{
    if (!reply)
        return {.again = isForNow(reply.error().code), .detail = reply.error().message};
    const int status = reply->status;
    if (status >= 200 && status < 300)
        return {.delivered = true, .detail = fmt::format("it answered {}", status)};
    return {.again = status == 408 || status == 429 || status >= 500, .detail = fmt::format("it answered {}", status)};
}

void AlertSender::mail(const std::shared_ptr<Letter> &letter)
{
    if (m_smtp.host.empty())
        return done(letter, {.detail = "there is no mail server: name one in `smtp`"});
    const std::string &to = letter->alert->notify[letter->notify].to;
    SmtpClient::Order order {.server = m_smtp, .to = to, .allowPrivate = m_gateway.allowPrivateUpstreams};
    order.text = alerts::mailText(m_smtp.from, to, {.word = letter->word, .alert = *letter->alert, .firing = letter->firing, .at = m_needs.clock.wallNow()});
    new SmtpClient(std::move(order), [this, letter](const Result<> &sent) { // ends itself
        done(letter, sent ? Outcome {.delivered = true, .detail = fmt::format("{} took it", m_smtp.host)} : Outcome {.again = isForNow(sent.error().code), .detail = sent.error().message});
    }, m_context.get());
}

void AlertSender::done(const std::shared_ptr<Letter> &letter, const Outcome &outcome)
{
    std::erase(m_running, letter);
    const bool mayTry = !outcome.delivered && outcome.again && mayTryAgain(*letter);
    note(*letter, outcome, !mayTry);
    if (mayTry) {
        ++m_resting;
        QTimer::singleShot(m_needs.pauses[static_cast<std::size_t>(letter->attempt) - 1], m_context.get(), [this, letter] {
            --m_resting;
            ++letter->attempt;
            m_ready.push_back(letter);
            next();
        });
    }
    QTimer::singleShot(0, m_context.get(), [this] { next(); }); // never within what ended
}

void AlertSender::note(const Letter &letter, const Outcome &outcome, bool last)
{
    const config::Notify &notify = letter.alert->notify[letter.notify];
    AlertDelivery delivery = m_needs.log({.firing = letter.firing.number, .alert = letter.alert->id, .name = letter.alert->name, .subject = letter.firing.subject, .word = letter.word,
                                          .channel = std::string(toText(notify.kind)), .target = targetOf(notify), .at = m_needs.clock.wallNow(), .attempt = letter.attempt, .delivered = outcome.delivered, .last = last,
                                          .detail = outcome.detail});
    if (!letter.batch)
        return;
    letter.batch->deliveries.push_back(std::move(delivery));
    if (--letter.batch->left == 0)
        std::exchange(letter.batch->done, nullptr)(std::move(letter.batch->deliveries));
}

} // namespace gateway::api
