// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/core/report_view.h"

#include <QObject>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::api {

/// Mails a report's file to one address after another, by the section `smtp`. Lives on the control thread.
class ReportMailer
{
public:
    /// What came of one round.
    struct Outcome
    {
        int sent = 0;
        std::vector<std::string> again {};   ///< addresses that are worth another try
        std::vector<std::string> problems {}; ///< "team@example.org: mail.example.org refused the e-mail: ..."
    };

    explicit ReportMailer(const Clock &clock) : m_clock(clock) {}

    /// @param config  with its secrets in clear
    void configure(const config::Config &config);

    /// @param done  once each of run.unsent was tried; not within this call
    void mail(const ReportRun &run, std::function<void(Outcome)> done);

private:
    struct Round
    {
        ReportRun run;
        std::string html;
        std::size_t next = 0;
        Outcome outcome {};
        std::function<void(Outcome)> done;
    };
    void step(const std::shared_ptr<Round> &round);

    const Clock &m_clock;
    config::GatewaySettings m_gateway;
    config::SmtpSettings m_smtp;
    std::unique_ptr<QObject> m_context = std::make_unique<QObject>(); ///< of all that is under way
};

} // namespace gateway::api
