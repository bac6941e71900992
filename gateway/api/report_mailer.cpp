// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/report_mailer.h"

#include "gateway/alerts/mail_text.h"
#include "gateway/api/passing_errors.h"
#include "gateway/api/smtp_client.h"

#include <QFile>
#include <QTimer>

#include <fmt/format.h>

#include <filesystem>

namespace gateway::api {

namespace {

constexpr qint64 largestFile = 20 * 1024 * 1024;

} // namespace

void ReportMailer::configure(const config::Config &config)
{
    m_gateway = config.gateway;
    m_smtp = config.smtp;
}

void ReportMailer::mail(const ReportRun &run, std::function<void(Outcome)> done)
{
    const auto round = std::make_shared<Round>(Round {.run = run, .html = {}, .done = std::move(done)});
    QFile file(QString::fromStdString(run.file));
    std::string problem;
    if (m_smtp.host.empty())
        problem = "no e-mail went out, because there is no mail server: name one in `smtp`";
    else if (!file.open(QIODevice::ReadOnly) || file.size() > largestFile)
        problem = fmt::format("no e-mail went out, because {} {}", run.file, file.isOpen() ? "is too large" : "can no longer be read");
    if (!problem.empty()) {
        round->outcome.problems.push_back(std::move(problem));
        round->next = run.unsent.size();
    } else {
        round->html = file.readAll().toStdString();
    }
    QTimer::singleShot(0, m_context.get(), [this, round] { step(round); });
}

void ReportMailer::step(const std::shared_ptr<Round> &round)
{
    if (round->next >= round->run.unsent.size())
        return std::exchange(round->done, nullptr)(std::move(round->outcome));
    const std::string to = round->run.unsent[round->next++];
    const std::string name = std::filesystem::path(round->run.file).filename().string();
    SmtpClient::Order order {.server = m_smtp, .to = to, .allowPrivate = m_gateway.allowPrivateUpstreams};
    order.text = alerts::mailText({.from = m_smtp.from, .to = to, .subject = fmt::format("{}: {}", round->run.name, round->run.period), .words = fmt::format("The report {} of {} is in the attached file. Open it in a browser; it prints on A4.\n", round->run.name, round->run.period),
                                   .at = m_clock.wallNow(), .id = fmt::format("report.{}.{}", round->run.number, m_clock.wallNow().time_since_epoch().count()), .attachments = {{.name = name, .type = "text/html; charset=utf-8", .bytes = round->html}}});
    new SmtpClient(std::move(order), [this, round, to](const Result<> &sent) { // ends itself
        if (sent) {
            ++round->outcome.sent;
        } else {
            round->outcome.problems.push_back(fmt::format("{}: {}", to, sent.error().message));
            if (isForNow(sent.error().code))
                round->outcome.again.push_back(to);
        }
        QTimer::singleShot(0, m_context.get(), [this, round] { step(round); }); // never within what ended
    }, m_context.get());
}

} // namespace gateway::api
